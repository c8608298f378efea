// @ts-check
// The command that `npm start` runs and whose screen the README shows.

/** Arguments of `node`, from the root of the checkout. */
export const demonstration = [
  'packages/genloss/bin/genloss.js',
  'audit',
  'packages/genloss/data/cps-wages-1985.csv',
  '--group',
  'race',
]
