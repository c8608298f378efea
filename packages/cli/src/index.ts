// The command line of genloss; `main` is all that a bin file needs.
export { COMMANDS, main } from './program.js'
