import { scaling } from '@genloss/lab'
import { expect, it } from 'vitest'
import { scalingText } from './scaling.js'

const fast = { resamples: 200 }
const lines = (text: string) => text.split('\n')

it('shows laws, targets, values beside theory, half-lives and risk, in 80 columns', async () => {
  const found = await scaling(
    { origin: 'gaussian', n: [100, 300, 1000, 3000], generations: 40, replicates: 300, seed: 1 },
    { ...fast, targets: { w2_squared: [0.1, 1e-4], early: 500 } },
  )
  const text = scalingText(found, { name: 'x', width: 80 })
  for (const line of lines(text)) expect(line.length).toBeLessThanOrEqual(80)
  expect(lines(text)[0]).toBe('x: 4 sizes, n = 100 to 3,000, 300 chains each')
  expect(text).toMatch(/^law of +A n\^e +theory +plateau +from n$/m)
  expect(text).toMatch(/^w2\^2 +[\d.]+ n\^-1\.00\d* \(-1\.\d+ to -0\.9\d+\) +-0\.997/m)
  expect(text).toMatch(/^late date +- +- +-/m)
  expect(text).toMatch(/^w2_squared = 0\.1 needs n = 6\d\d \(\d+ to \d+\)$/m)
  expect(text).toMatch(
    /^w2_squared = 0\.0001 needs n = 6\d\d,\d{3} \([\d,]+ to [\d,]+\), beyond the sizes\s+of the law/m,
  )
  expect(text).toMatch(/^early = 500: no law to read n off$/m)
  expect(text).toMatch(/^no law of .*late date: fewer than\s+3 sizes can be\s+fitted$/m)
  expect(text).toMatch(
    /^half of the variance\n +n +median halved +theory +first passage +theory\n +100 +later +68 \(fit 69\)/m,
  )
  expect(text).toMatch(
    /^risk\n +n +generation +mean w2\^2 +exact +first order\n +100 +40 +0\.6\d* \(.*\) +0\.6\d* +0\.615$/m,
  )
  expect(text).not.toMatch(/NaN|undefined|null/)
})

it('tells curves apart, and what is known at n = inf', async () => {
  const found = await scaling(
    {
      ...{ origin: 'categorical:probabilities=0.6/0.4', n: [30, 100, 300, 1000, 'inf'] },
      ...{ policy: ['replace', 'mix:real=0.5'], generations: 5, replicates: 100, seed: 1 },
    },
    { ...fast, measures: ['heterozygosity_ratio', 'tv'], targets: { tv: -1 } },
  )
  const text = scalingText(found, { name: 'x', width: 80 })
  expect(lines(text)[0]).toBe('x: 2 curves of 4 sizes, n = 30 to 1,000, 100 chains each')
  expect(text).toMatch(/^policy replace\nat generation 5\n/m)
  expect(text).toMatch(/^policy mix:real=0\.5\n/m)
  expect(text).toMatch(/^tv +[\d.]+ n\^-0\.\d+ .* +0 \(inf\) +30$/m)
  expect(text).toMatch(/^ +inf +1 +0$/m)
  expect(text).toMatch(/^tv = -1: no n reaches it$/m)
})

it('shows sizes that grow, with no law where there is none', async () => {
  const n = [0.5, 1.5].map((power) => ({ start: 30, power }))
  const found = await scaling({ origin: 'gaussian', n, generations: 20, replicates: 50 }, fast)
  const text = scalingText(found, { name: 'x', width: 120 })
  expect(lines(text)[0]).toBe('x: sizes that grow')
  expect(text).toMatch(/^n +generation +sum of 1\/n +risk then +measured +risk in the end +left in the end/m)
  expect(text).toMatch(/^start:30\/power:0\.5 +20 +no end .* inf +0$/m)
  expect(text).toMatch(/^start:30\/power:1\.5 +20 +0\.087 .* 0\.13\d +0\.91\d$/m)
})
