// Property tests look at the same cases in every run, so that a failure is one of the change at hand; GENLOSS_SEED looks at others.
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env.GENLOSS_SEED ?? 20260101) })
