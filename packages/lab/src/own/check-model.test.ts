import { categorical, defineModel, empirical, gaussian, type ModelFunctions, origins } from '@genloss/models'
import { describe, expect, it } from 'vitest'
import { checkModel } from './check-model.js'
import { twinModel } from './twin-model.js'

type Fitted = { mean: number; sd: number }

const normal: ModelFunctions<Record<never, never>, Fitted> = {
  name: 'normal',
  fit({ value }) {
    const values = value as Float64Array
    const mean = values.reduce((sum, x) => sum + x / values.length, 0)
    const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2 / values.length, 0))
    return { mean, sd }
  },
  sample: ({ mean, sd }, n, { stream }) => ({ value: stream.normals(new Float64Array(n)).map((x) => mean + sd * x) }),
  logDensity: ({ mean, sd }, { value }) =>
    (value as Float64Array).map((x) => -0.5 * ((x - mean) / sd) ** 2 - Math.log(sd * Math.sqrt(2 * Math.PI))),
}

const equivariant = ['scale', 'translation'] as const

describe('checkModel', () => {
  it('lets models pass that obey', async () => {
    const { obeyed } = await checkModel(defineModel(normal), { equivariant })
    expect(obeyed).toHaveLength(12)
    await checkModel(twinModel(gaussian({ estimator: 'mle' })), { equivariant })
    await checkModel(twinModel(categorical()), { origin: origins.categorical([0.7, 0.3]) })
    await checkModel(twinModel(empirical()), { origin: origins.multivariateGaussian(2), equivariant })
  })

  let kept = 0
  const faults: [string, Partial<typeof normal>, RegExp][] = [
    [
      'another column',
      { sample: (_, n) => ({ val: new Float64Array(n) }) },
      /expected sample to return the columns value, got val/,
    ],
    [
      'NaN',
      { sample: (_, n) => ({ value: new Float64Array(n).fill(Number.NaN) }) },
      /sample gives NaN in column 'value'/,
    ],
    ['other sizes', { sample: () => ({ value: new Float64Array(5) }) }, /expected 1 records in column 'value'/],
    ['not finite', { fit: () => ({ mean: Number.NaN, sd: 1 }) }, /fit gives mean = NaN/],
    ['nothing', { fit: () => undefined as never }, /fit returns nothing/],
    [
      'Math.random',
      { sample: (_, n) => ({ value: new Float64Array(n).map(() => Math.random()) }) },
      /it calls Math\.random/,
    ],
    [
      'state in sample',
      { sample: (_, n) => ({ value: new Float64Array(n).fill(kept++) }) },
      /keeps something from call to call/,
    ],
    ['state in fit', { fit: () => ({ mean: kept++, sd: 1 }) }, /fit gives another model the second time/],
    [
      'global state',
      {
        fit(columns, ...rest) {
          kept = (columns.value as Float64Array).length
          return normal.fit(columns, ...rest)
        },
        sample: (_, n) => ({ value: new Float64Array(n).fill(kept) }),
      },
      /after another fit the same model gives other records/,
    ],
    [
      'a changed model',
      {
        sample(fitted, n) {
          fitted.mean += 1
          return { value: new Float64Array(n).fill(1) }
        },
      },
      /sample changes the fitted model/,
    ],
    ['functions in what it fitted', { fit: () => ({ mean: 1, sd: 1, draw: () => 1 }) as Fitted }, /structuredClone/],
    [
      'few records',
      {
        fit(columns, ...rest) {
          if ((columns.value as Float64Array).length < 2) throw new Error('too few')
          return normal.fit(columns, ...rest)
        },
      },
      /it fails for 1 record \(Error: too few\): return null/,
    ],
    [
      'a density that is none',
      { logDensity: (_, { value }) => (value as Float64Array).map(() => 0) },
      /has mass 3\.\d+ between/,
    ],
    [
      'a scale of its own',
      { sample: (_, n, { stream }) => ({ value: stream.normals(new Float64Array(n)) }) },
      /does not follow its records \(scale\)/,
    ],
  ]
  it.each(faults)('says what is wrong: %s', async (_name, change, message) => {
    await expect(checkModel(defineModel({ ...normal, ...change }), { equivariant })).rejects.toThrow(message)
  })
})
