// The JSON Schema of a lineage, which is shipped as a file: what other programs can rely on.

import { lineageId } from './document.js'

type Schema = Record<string, unknown>

const sha256 = { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'SHA-256 in hexadecimal digits' }
const whole = { type: 'integer', minimum: 0 }
const range = {
  type: 'array',
  prefixItems: [whole, whole],
  minItems: 2,
  maxItems: 2,
  description: 'from the first to before the second',
}

/** An object with just these fields, all of them there. */
function object(description: string, properties: Record<string, Schema>): Schema {
  return { type: 'object', description, required: Object.keys(properties), additionalProperties: false, properties }
}

const rows = object(
  'Records of a training set that came from one place, made for consecutive generations in equal numbers',
  {
    origin: {
      enum: ['real', 'generated', 'poison'],
      description: 'From the origin, from a fitted model, or put in by the stage poison',
    },
    made: object(
      'The generations whose training sets they were made for; generated ones by the model fitted to the training set before, 0 for the first',
      { first: whole, last: whole },
    ),
    age: object('Generations since they were made', { least: whole, most: whole }),
    records: { type: ['number', 'null'], minimum: 0, description: 'How many in all; null at n = infinity' },
    share: { type: 'number', minimum: 0, maximum: 1, description: 'Their part of the training set' },
    certain: { type: 'boolean', description: 'Whether every chain has this number; otherwise it is the expected one' },
  },
)

const generation = object('A training set', {
  generation: { ...whole, description: '0 for the first, which is real' },
  records: { type: ['number', 'null'], minimum: 0, description: 'All of its records; null at n = infinity' },
  rows: { type: 'array', items: rows, description: 'Where they came from; shares add up to 1' },
})

const cell = object('A setting of the run', {
  cell: { type: 'string', pattern: '^[0-9a-f]{32}$', description: 'Its hash' },
  index: { ...whole, description: 'Its place in the plan' },
  law: {
    type: 'string',
    pattern: '^[0-9a-f]{32}$',
    description: 'The key of its random numbers, beside the seed and the number of a chain',
  },
  method: { enum: ['draws', 'exact', 'population'], description: 'How training sets were obtained' },
  swept: { type: 'object', description: 'Settings that tell it from other cells, by path' },
  settings: { type: 'object', description: 'Every setting, defaults filled in' },
  input: {
    type: ['integer', 'null'],
    minimum: 0,
    description: 'The place of its table among the inputs; null for a law',
  },
  generations: {
    type: ['array', 'null'],
    items: generation,
    description: 'Null where sizes are partly infinite, which leaves training sets without meaning',
  },
})

const table = object('A table that was read', {
  kind: { const: 'table' },
  name: { type: 'string' },
  sha256,
  rows: whole,
  columns: {
    type: 'array',
    items: object('A column', { name: { type: 'string' }, kind: { enum: ['number', 'text'] } }),
  },
  file: { type: ['string', 'null'], description: 'Where it was read from, if the experiment says so' },
  state: {
    enum: ['same', 'changed', 'missing', 'unknown'],
    description: 'Whether that file holds the same content now, seen from the working folder',
  },
})

const experiment = object('The experiment as it was given', {
  kind: { const: 'experiment' },
  name: { type: 'string' },
  sha256,
})

const part = object('A file of results', {
  part: { type: 'string' },
  cells: range,
  replicates: range,
  bytes: { type: ['integer', 'null'], minimum: 0 },
  sha256: { ...sha256, type: ['string', 'null'] },
  state: { type: 'string', description: "'whole', 'missing', or what is wrong with it" },
})

/** The schema of `LineageDocument` (JSON Schema 2020-12). */
export const lineageSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: lineageId,
  title: 'The lineage of a genloss run',
  ...object('What a run was made of, where the rows of each training set came from, and what came out', {
    schema: { const: lineageId },
    run: { type: 'string', description: "The run's folder" },
    plan: object('The plan that was run', { sha256, numerics: whole, cells: whole, blocks: whole }),
    made_by: {
      type: ['object', 'null'],
      description: 'Versions, machine and time of the start that made the folder, if they are known',
    },
    inputs: { type: 'array', items: { oneOf: [table, experiment] } },
    cells: { type: 'array', items: cell },
    parts: { type: 'array', items: part },
  }),
}
