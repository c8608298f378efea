// The copula from a table to answers: against its plain twin, what is followed, what is refused, and rows that are made.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copula, models, type Twin } from '@genloss/models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from './api.js'
import { readTable } from './sources/index.js'
import type { TableData } from './sources/types.js'
import { synthesize } from './synthesize.js'

let folder: string
let table: TableData
let plain: TableData
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genloss-copula-'))
  // Sums of a few whole numbers go together; a fifth of the wages is missing, more of them in the south.
  const rows = Array.from({ length: 400 }, (_, i) => {
    const [a, b, c] = [(i * 7) % 23, (i * 11) % 17, (i * 13) % 29]
    const region = a + c > 36 ? 'south' : b > 11 ? 'east' : 'north'
    const wage = i % 5 === 0 || (region === 'south' && i % 3 === 0) ? '' : (100 + 7 * a + 5 * b + c / 8).toFixed(2)
    return [20 + a + Math.floor(b / 3), wage, region, a > 14 ? 'yes' : 'no']
  })
  const text = (lines: unknown[][]) =>
    [['age', 'wage', 'region', 'member'], ...lines].map((row) => row.join(',')).join('\n')
  await writeFile(join(folder, 'people.csv'), text(rows))
  // Sines of whole numbers stand for chance.
  const noise = (i: number) => (Math.sin(12.9898 * i) * 43758.5453) % 1
  const ties = Array.from({ length: 300 }, (_, i) => {
    const [a, b, c] = [noise(3 * i), noise(3 * i + 1), noise(3 * i + 2)]
    return [Math.round(9 * a), Math.round(6 * (a + b)), 'east', a + 1.5 * c > 0.4 ? 'yes' : 'no']
  })
  await writeFile(join(folder, 'plain.csv'), text(ties))
  table = await readTable(join(folder, 'people.csv'))
  plain = await readTable(join(folder, 'plain.csv'))
})
afterAll(() => rm(folder, { recursive: true }))

const origin = ({ path }: TableData, columns?: string[]) => ({
  kind: 'table',
  file: path,
  ...(columns ? { columns } : {}),
})

describe('a copula of a table', () => {
  it('is that of its plain twin, which finds correlations by another formula', async () => {
    const result = await run(
      { origin: origin(plain, ['age', 'wage', 'member']), model: 'copula', generations: 0, n: plain.rows } as never,
      { tables: [plain] },
    )
    const [age, wage, , member] = plain.columns
    const yes = member!.kind === 'text' ? member!.labels.indexOf('yes') : 0
    const codes = Uint32Array.from((member as { codes: Uint32Array }).codes, (code) => Number(code === yes))
    const columns = [(age as { values: Float64Array }).values, (wage as { values: Float64Array }).values, codes]
    const twin = models.copula.twin(copula()) as Twin<{ correlations: number[][] }>
    const { correlations: r } = twin.fit(columns)
    const [a, b, c] = [r[0]![1]!, r[0]![2]!, r[1]![2]!]
    const determinant = 1 + 2 * a * b * c - a * a - b * b - c * c
    expect(result.cells[0]!.column('fit_log_det')[0]).toBeCloseTo(Math.log(determinant), 3)
  })

  it('follows classes, gaps and means', async () => {
    const experiment = {
      origin: { ...origin(table), group: 'region' },
      model: { kind: 'copula', margins: { wage: 'kde' } },
      shares: 'all',
      watch: [
        { name: 'age_south', where: [{ region: 'south' }], mean: 'age' },
        { name: 'age_of_all', where: [{}], mean: 'age' },
        { name: 'spread', statistic: 'variance', of: 'age' },
        { name: 'middle', statistic: 'mean', of: 'age' },
        { name: 'gaps', statistic: 'missing', of: 'wage' },
        { name: 'bond', statistic: 'correlation', of: 'age', with: 'wage' },
        { name: 'tau', statistic: 'kendall', of: 'age', with: 'wage' },
        { name: 'south_yes', where: [{ region: 'south', member: 'yes' }] },
      ],
      n: 400,
      generations: 2,
      replicates: 20,
    }
    const result = await run(experiment as never, { tables: [table] })
    const first = (name: string) => result.cells[0]!.column(name)[0]!
    const { codes, labels } = table.columns[2] as { codes: Uint32Array; labels: string[] }
    const south = codes.filter((code) => labels[code] === 'south').length / table.rows
    expect(first('share_south')).toBeCloseTo(south, 12)
    expect(first('missing_share')).toBeCloseTo(table.columns[1]!.missing / table.rows, 12)
    const { values } = table.columns[0] as { values: Float64Array }
    expect(first('age_of_all')).toBeCloseTo(
      values.reduce((sum, x) => sum + x / table.rows, 0),
      9,
    )
    const middle = first('age_of_all')
    const spread = values.reduce((sum, x) => sum + (x - middle) ** 2 / table.rows, 0)
    expect([first('middle'), first('spread') / spread]).toEqual([expect.closeTo(middle, 9), expect.closeTo(1, 9)])
    expect(first('gaps')).toBe(first('missing_share'))
    expect(first('tau')).toBeCloseTo((Math.asin(first('bond')) * 2) / Math.PI, 12)
    expect(first('bond')).toBeGreaterThan(0.6)
    expect(first('age_south')).toBeGreaterThan(first('age_of_all') + 3)
    expect(first('south_yes')).toBeGreaterThan(0.6 * south)
    expect(result.cells[0]!.method).toBe('draws')
  })

  it.each([
    [{ margins: { region: 'kde' } }, 'model.margins.region', /column of numbers/],
    [{ margins: { wages: 'kde' } }, 'model.margins.wages', /did you mean 'wage'/],
    [{ margins: { wage: 'gamma' } }, 'model.margins.wage', /'empirical'/],
    [{ margin: 'log-normal', columns: ['age'] }, 'model.columns', /did you mean|no setting/],
  ])('refuses %j', async (settings, path, words) => {
    const experiment = { origin: origin(table), model: { kind: 'copula', ...settings }, n: 10 }
    const error = await run(experiment as never, { tables: [table] }).catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'plan', path })
    expect(String((error as Error).message)).toMatch(words)
  })

  it.each([
    [{ statistic: 'variance', of: 'region' }, 'copula', 'watch[0].of'],
    [{ statistic: 'variance', of: 'age', with: 'wage' }, 'copula', 'watch[0].with'],
    [{ statistic: 'correlation', of: 'age' }, 'copula', 'watch[0].with'],
    [{ statistic: 'mean', of: 'age' }, 'empirical', 'watch[0].statistic'],
  ])('refuses to follow %j of a %s model', async (entry, model, path) => {
    const experiment = { origin: origin(table), model, n: 10, watch: [{ name: 'x', ...entry }] }
    await expect(run(experiment as never, { tables: [table] })).rejects.toMatchObject({ code: 'plan', path })
  })

  it('makes rows, the same for the same seed', async () => {
    const rows = await synthesize(table, copula({ margin: 'kde' }), { rows: 3000, seed: 3, threads: 2 })
    expect(Object.keys(rows)).toEqual(['age', 'wage', 'region', 'member'])
    const ages = rows.age as Float64Array
    expect(ages.every((age) => Number.isInteger(age) && age >= 0)).toBe(true)
    const missing = (rows.wage as Float64Array).filter(Number.isNaN).length / 3000
    expect(Math.abs(missing - table.columns[1]!.missing / 400)).toBeLessThan(4 * Math.sqrt(0.25 / 3000))
    expect(new Set(rows.region as string[])).toEqual(new Set(['north', 'east', 'south']))
    const again = await synthesize(join(folder, 'people.csv'), copula({ margin: 'kde' }), {
      rows: 3000,
      seed: 3,
      threads: 1,
    })
    expect(again).toEqual(rows)
    await expect(synthesize(table, copula(), { rows: 0 })).rejects.toMatchObject({ path: 'rows' })
    await expect(synthesize(table, copula(), { columns: ['ag'] })).rejects.toMatchObject({ path: 'origin.columns' })
  })
})
