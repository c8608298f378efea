import { expect, it } from 'vitest'
import { run } from '../api.js'
import { type ExperimentInput, setPaths } from '../experiment.js'
import { prepare } from '../prepare.js'
import { constantsOf } from './constants.js'
import { type PaperFigure, type PaperRunner, paper, presetsOf, type Reproduction } from './paper.js'
import { isRoom, type Preset } from './preset.js'
import { experiments } from './presets/index.js'

const presets = presetsOf(['all'])
const quick = { quick: true, threads: 2 }

/** The quick form of a preset, run once; of the slow mixture fewer chains still. */
const runs = new Map<string, Promise<Reproduction>>()
function quickly(name: string): Promise<Reproduction> {
  const found = runs.get(name) ?? paper(name, { ...quick, set: name === 'mixture-2d' ? ['replicates=3'] : [] })
  runs.set(name, found)
  return found
}

/** A build that runs something else than it was asked for. */
function mistaken(mistake: ExperimentInput): PaperRunner {
  return async (experiment, options) => (await run({ ...experiment, ...mistake }, options)).cells
}

/** What each preset must notice. */
const mistakes: Record<string, ExperimentInput> = {
  'estimation-error': { initial: 20 },
  'recursion-replace': { model: 'gaussian:estimator=unbiased' },
  'recursion-accumulate': { policy: 'replace' },
  theorem: { model: 'gaussian:estimator=mle' },
  'growing-samples': { policy: 'accumulate' },
  discrete: { initial: 20 },
  'alpha-beta-gamma': { model: 'gaussian:estimator=unbiased' },
  'later-claims': { model: 'gaussian:estimator=unbiased' },
}
const first = ({ parts: [part], ...preset }: Preset): Preset => ({ ...preset, parts: [part!] })

it.each(presets)('$name: its quick form agrees with what is known', async ({ name }) => {
  const { verdict, figures } = await quickly(name)
  expect(figures.filter((figure) => figure.verdict === 'differs')).toEqual([])
  expect(verdict).toBe('agrees')
  expect(figures.some(({ exact, published }) => exact || published)).toBe(true)
})

it.each(presets.filter(({ name }) => name !== 'mixture-2d'))('$name: a build that is wrong differs', async (preset) => {
  const { verdict } = await paper(first(preset), { ...quick, runner: mistaken(mistakes[preset.name]!) })
  expect(verdict).toBe('differs')
})

it('components that do not shrink differ from the published ones', async () => {
  const [mixture] = presetsOf(['mixture-2d'])
  const { parts, ...rest } = mixture!
  const wide = parts.map((part) => ({
    ...part,
    quick: { replicates: 2, generations: 2050, model: 'gaussian-mixture:floor=0.1' },
  }))
  const { figures } = await paper({ ...rest, parts: wide }, quick)
  expect(figures.find(({ generation, published }) => generation === 2050 && published)?.verdict).toBe('differs')
})

it('a preset with another published number differs', async () => {
  const [preset] = presetsOf(['recursion-replace'])
  const { parts, ...rest } = preset!
  const wrong = parts.map(({ findings: [median], ...part }) => {
    return { ...part, findings: [{ ...median!, published: { ...median!.published!, value: () => 0.2 } }] }
  })
  const { figures } = await paper({ ...rest, parts: wrong }, quick)
  expect(figures.map(({ verdict }) => verdict)).toEqual(['differs', 'differs', 'differs', 'differs'])
})

it('published numbers are of the settings of the preset only', async () => {
  const published = async (...set: string[]) => {
    const { figures } = await paper('recursion-replace', { ...quick, set })
    return figures.filter(({ quantity }) => /^median/.test(quantity)).map((figure) => figure.published?.value ?? null)
  }
  expect(await published()).toEqual([4.1e-5, 0.135, 0.368, null])
  expect(await published('replicates=500')).toEqual([4.1e-5, 0.135, 0.368, null])
  expect(await published('n=500,50')).toEqual([0.135, null])
  expect(await published('n=500', 'generations=9,999')).toEqual([null, 0.135])
  expect(await published('model.estimator=unbiased')).toEqual([null, null, null, null])
  expect(await published('generations=9')).toEqual([null, null, null, null])
})

/** Exact values from another program. */
it('shows what is exact where published statements are not', async () => {
  const [theorem, later] = await Promise.all(['theorem', 'later-claims'].map(quickly))
  const found = (figures: readonly PaperFigure[], part: RegExp, quantity: RegExp, generation: number) =>
    figures.find((one) => part.test(one.part) && quantity.test(one.quantity) && one.generation === generation)!
  const { figures } = theorem!
  const w2 = /E of W2/
  // The risk of first order, and what E of W2^2 is: unbounded for the unbiased variance, under 2 for the biased one.
  expect(found(figures, /^the unbiased variance, n = 100/, w2, 99).exact?.value).toBeCloseTo(1.4463, 4)
  expect(found(figures, /^the unbiased variance, n = 100/, w2, 999)).toMatchObject({
    published: { value: expect.closeTo(15, 9), agrees: false },
    exact: { value: expect.closeTo(11.84, 3), agrees: true },
    verdict: 'corrected',
  })
  expect(found(figures, /biased variance of the code/, w2, 99).exact?.value).toBeCloseTo(1.06, 4)
  expect(found(figures, /biased variance of the code/, w2, 999)).toMatchObject({
    exact: { value: expect.closeTo(1.9989, 4) },
    verdict: 'corrected',
  })
  // W2^2 itself converges, and averages over chains do not show the expectation.
  expect(found(figures, /n = 10:/, /plain mean of W2/, 999).ours.high).toBeLessThan(102)
  expect(found(figures, /n = 10:/, /change/, 999).ours.high).toBeLessThan(1e-6)
  // Tails: the mean mass beyond 3 sd rises, the median vanishes.
  expect(found(figures, /n = 10:/, /mean mass/, 0).exact?.value).toBeCloseTo(0.00802689378636303, 9)
  expect(found(figures, /n = 10:/, /mean mass/, 19).exact?.value).toBeCloseTo(0.062334022659816926, 3)
  expect(found(figures, /n = 10:/, /median mass/, 19).ours.high).toBeLessThan(1e-9)
  const claims = later!.figures
  expect(found(claims, /replace, estimator mle/, /1\/e/, 199)).toMatchObject({
    verdict: 'agrees',
    exact: { value: expect.closeTo(99.08, 2) },
  })
  expect(found(claims, /replace, estimator unbiased/, /1\/e/, 199)).toMatchObject({
    verdict: 'corrected',
    exact: { value: expect.closeTo(197.3, 1) },
  })
  expect(found(claims, /accumulate, features same/, /plane/, 19).verdict).toBe('agrees')
  expect(found(claims, /accumulate, features fresh/, /plane/, 19)).toMatchObject({
    verdict: 'corrected',
    published: { value: expect.closeTo(0.57006, 5) },
  })
  expect(found(claims, /accumulate, estimator mle/, /variance/, 499)).toMatchObject({
    verdict: 'agrees',
    published: { value: expect.closeTo(0.843436, 6) },
  })
  expect(found(claims, /accumulate, estimator unbiased/, /variance/, 499)).toMatchObject({
    verdict: 'corrected',
    exact: { value: expect.closeTo(0.9353, 4) },
  })
  expect(found(claims, /bandwidth 0.3/, /variance/, 49)).toMatchObject({
    verdict: 'corrected',
    exact: { value: expect.closeTo(1.73844401977863, 12) },
  })
  expect(found(claims, /bandwidth scott/, /variance/, 9).exact?.value).toBeCloseTo(3.99272691023984, 12)
  expect(found(claims, /resampled/, /alive/, 10)).toMatchObject({
    verdict: 'corrected',
    published: { value: 20 },
    exact: { value: expect.closeTo(16.1389355325143, 10) },
  })
  expect(found(claims, /resampled/, /alive/, 50).verdict).toBe('agrees')
})

it.each(presets)('$name: settings are those of a run, and every source is of a constant', async (preset) => {
  const constants = constantsOf(preset)
  const own = preset.parts.flatMap(({ sources = {} }) => Object.keys(sources))
  for (const path of [...Object.keys(preset.sources), ...own]) expect(constants.map((one) => one.path)).toContain(path)
  for (const part of preset.parts) {
    const { plan } = await prepare({ ...part.experiment, ...part.quick })
    expect(plan.blocks.length).toBeGreaterThan(0)
    expect(Object.keys(part.quick)).toEqual(['replicates'])
  }
  for (const { path, values } of preset.switches ?? []) {
    for (const value of values) await prepare(setPaths({ ...preset.parts[0]!.experiment }, [`${path}=${value}`]))
  }
})

it('has rooms for what this build can not run', () => {
  const rooms = experiments.filter(isRoom)
  expect(rooms.map(({ name }) => name)).toEqual(['vae', 'language-model'])
  for (const { name, reason } of rooms) {
    expect(() => presetsOf([name])).toThrow(expect.objectContaining({ code: 'usage', value: name, hint: reason }))
  }
})

it('refuses what it can not do before it runs anything', async () => {
  expect(() => presetsOf(['theorm'])).toThrow(/did you mean 'theorem'/)
  expect(() => presetsOf(['all'], ['n=10'])).toThrow(/give one name/)
  await expect(paper('theorem', { set: ['model.estimator=biased'] })).rejects.toThrow(/'unbiased' or 'mle'/)
  await expect(paper('growing-samples', { set: ['generations=3'] })).rejects.toThrow(/generations: expected at least 9/)
})
