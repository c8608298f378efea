// New models of one's own: files to begin with, each the plain twin of a family.

import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GenlossError, oneOf } from '@genloss/models'

/** What a new model begins as. */
export const templates = ['gaussian', 'categorical', 'empirical'] as const
export type Template = (typeof templates)[number]

interface Written {
  /** What it is, as a comment. */
  about: string
  /** The part of the definition after its name. */
  body: string
  origin: string
  check: string
  imports: string
}

const written: Readonly<Record<Template, Written>> = {
  gaussian: {
    about: 'a normal law, fitted by mean and variance. Replace fit and sample by your own',
    imports: 'checks, defineModel',
    origin: '{ kind: gaussian, mean: 0, sd: 1 }',
    check: "{ origin: 'gaussian', equivariant: ['scale', 'translation'] }",
    body: `  // Records of a law on the line have one column, \`value\`; those of a table the columns that are modelled.
  columns: { value: 'number' },
  parameters: {
    estimator: { check: checks.oneOf('unbiased', 'mle'), doc: 'divisor of the variance: n - 1, or n', fallback: 'unbiased' },
  },
  fit({ value }, { estimator }) {
    const n = value.length
    // Records that are too few end the chain, and are no error.
    if (n < 2) return null
    let mean = 0
    for (const x of value) mean += x / n
    let squares = 0
    for (const x of value) squares += (x - mean) ** 2
    return { mean, sd: Math.sqrt(squares / (estimator === 'mle' ? n : n - 1)) }
  },
  sample({ mean, sd }, n, { stream }) {
    const value = stream.normals(new Float64Array(n))
    for (let i = 0; i < n; i++) value[i] = mean + sd * value[i]!
    return { value }
  },
  // Left out, nothing is lost: it lets the law kit compare samples with the density that you had in mind.
  logDensity({ mean, sd }, { value }) {
    return value.map((x) => -0.5 * ((x - mean) / sd) ** 2 - Math.log(sd * Math.sqrt(2 * Math.PI)))
  },`,
  },
  categorical: {
    about: 'the shares of classes. Replace fit and sample by your own',
    imports: 'defineModel',
    origin: '{ kind: categorical, probabilities: [0.6, 0.3, 0.08, 0.02] }',
    check: "{ origin: 'categorical:probabilities=0.6/0.3/0.08/0.02' }",
    body: `  // Classes have one column, \`class\`: record i is labels[codes[i]].
  columns: { class: 'class' },
  fit({ class: { codes, labels } }) {
    const shares = new Float64Array(labels.length)
    for (const code of codes) shares[code]! += 1 / codes.length
    return { shares, labels }
  },
  sample({ shares, labels }, n, { stream }) {
    // A class without a share is never drawn, whatever rounding leaves over.
    const last = shares.findLastIndex((share) => share > 0)
    const draw = () => {
      let left = stream.uniform()
      for (let code = 0; code < last; code++) {
        left -= shares[code]!
        if (left < 0) return code
      }
      return last
    }
    return { class: { codes: Uint32Array.from({ length: n }, draw), labels } }
  },
  logDensity({ shares }, { class: { codes } }) {
    return Float64Array.from(codes, (code) => Math.log(shares[code]!))
  },`,
  },
  empirical: {
    about: 'the records themselves, whole ones drawn again. Replace fit and sample by your own',
    imports: 'defineModel, type RecordColumn',
    origin: '{ kind: gaussian, mean: 0, sd: 1 }',
    check: "{ origin: 'multivariate-gaussian:dimensions=2' }",
    body: `  // Whatever columns there are: numbers as Float64Array, classes as { codes, labels }.
  fit(columns) {
    return columns
  },
  sample(columns, n, { stream }) {
    const [first] = Object.values(columns)
    const records = first instanceof Float64Array ? first.length : first!.codes.length
    const rows = Uint32Array.from({ length: n }, () => stream.integer(records))
    const drawn: [string, RecordColumn][] = Object.entries(columns).map(([name, column]) => [
      name,
      column instanceof Float64Array
        ? Float64Array.from(rows, (row) => column[row]!)
        : { codes: rows.map((row) => column.codes[row]!), labels: column.labels },
    ])
    return Object.fromEntries(drawn)
  },`,
  },
}

/** A file to write. */
export interface NewFile {
  name: string
  text: string
}

/**
 * The files of a new model: the model, its test with the law kit, and an experiment that runs it.
 *
 * @throws GenlossError `usage` for a name that a model can't have, or a template that there is not
 */
export function newModel(name: string, template: Template = 'gaussian'): NewFile[] {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    const rule = 'a name of lower-case letters, digits and dashes'
    throw new GenlossError({ code: 'usage', path: 'name', value: name, rule, hint: "such as 'laplace'" })
  }
  const { about, imports, body, origin, check } = written[oneOf(...templates).read(template, 'template')]
  return [
    {
      name: `${name}.ts`,
      text: `// A model of your own: ${about}.
import { ${imports} } from 'genloss'

export default defineModel({
  name: '${name}',
  version: '1',
${body}
})
`,
    },
    {
      name: `${name}.test.ts`,
      text: `import { checkModel } from 'genloss'
import { it } from 'vitest'
import model from './${name}.js'

it('obeys the laws of models', async () => {
  await checkModel(model, ${check})
})
`,
    },
    {
      name: `${name}.yaml`,
      text: `# genloss run ${name}.yaml --allow-code
origin: ${origin}
model: { kind: module, file: ./${name}.ts }
policy: [replace, { kind: mix, real: 0.1 }]
n: 1000
generations: 50
replicates: 100
seed: 1
`,
    },
  ]
}

/**
 * Writes the files of a new thing into a folder, all or none, and never over what is there.
 *
 * @returns their paths
 * @throws GenlossError `usage` for what can't be made, `io` where a file is there already or can't be written
 */
export async function writeNew(what: string, name: string, folder: string, template?: string): Promise<string[]> {
  if (what !== 'model') {
    throw new GenlossError({ code: 'usage', path: 'new', value: what, rule: "'model'", hint: 'genloss new model NAME' })
  }
  const files = newModel(name, template as Template | undefined)
  await mkdir(folder, { recursive: true }).catch((cause) => {
    throw unwritten(folder, cause)
  })
  const made: string[] = []
  try {
    for (const { name: file, text } of files) {
      const path = join(folder, file)
      await writeFile(path, text, { flag: 'wx' }).catch((cause) => {
        throw unwritten(path, cause)
      })
      made.push(path)
    }
  } catch (error) {
    await Promise.all(made.map((path) => rm(path, { force: true })))
    throw error
  }
  return made
}

function unwritten(path: string, cause: NodeJS.ErrnoException): GenlossError {
  const isThere = cause.code === 'EEXIST'
  const rule = isThere ? 'a file that is not there yet' : 'a file that can be written'
  const hint = isThere ? 'take another name, or another folder (--out)' : undefined
  return new GenlossError({ code: 'io', path, value: isThere ? 'a file' : cause.code, rule, hint }, { cause })
}
