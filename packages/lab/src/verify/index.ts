// `genloss verify`: closed forms against this build.

export type { Check, Quantity, VerifyRow } from './check.js'
export { checks } from './checks/index.js'
export { type Judgement, judge } from './judge.js'
export { engine, type Measured, type Runner, type Verified, type VerifyOptions, verify } from './verify.js'
