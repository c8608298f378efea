// @ts-check
// Loaded before a program (`node --import`): at its end it writes its CPU time and peak memory to file descriptor 3.
import { writeSync } from 'node:fs'
import { peak } from './peak.mjs'

process.once('exit', () => {
  const { user, system } = process.cpuUsage()
  writeSync(3, JSON.stringify({ cpu: (user + system) / 1e6, bytes: peak() }))
})
