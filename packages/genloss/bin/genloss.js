#!/usr/bin/env node
// The `genloss` program. It is committed so that npm can link it before anything is built; the code is @genloss/cli.
import module from 'node:module'

// Node 22 and later keep compiled code between starts.
module.enableCompileCache?.()

try {
  const { main } = await import('@genloss/cli')
  await main()
} catch (error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error
  process.stderr.write(`error: genloss is not built: ${error.message}\nhint: in a checkout, type: npm start\n`)
  process.exitCode = 1
}
