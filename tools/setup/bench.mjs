// @ts-check
// `npm run bench`: builds what is missing, makes the Python of the peers, runs the suites of benchmarks/.
import { prepare } from './prepare.mjs'
import { numbaCache, preparePython } from './python.mjs'
import { runSeen, script } from './shell.mjs'

await script(async () => {
  await prepare()
  const python = await preparePython()
  const environment = { NUMBA_CACHE_DIR: numbaCache, ...(python && { GENLOSS_BENCH_PYTHON: python }) }
  const { code } = await runSeen([process.execPath, 'benchmarks/bench.mjs', ...process.argv.slice(2)], environment)
  return code
})
