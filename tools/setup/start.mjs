// @ts-check
// `npm start`: installs and builds what is missing, then audits the table that ships with genloss.
import { demonstration } from './demonstration.mjs'
import { prepare } from './prepare.mjs'
import { runSeen, script } from './shell.mjs'

await script(async () => {
  await prepare()
  const { code } = await runSeen([process.execPath, ...demonstration])
  if (code === 0) process.stdout.write('\nYour file: npx genloss audit FILE --group COL\n')
  return code
})
