// The plain twin of a family as a model of one's own: the same path as a user's functions, and their template.

import { type Column, defineModel, definitionOf, type Model, type RecordColumn } from '@genloss/models'

/**
 * A family's plain TypeScript twin, run as functions of this program.
 *
 * @example run({ origin: 'gaussian', model: twinModel(gaussian({ estimator: 'mle' })), n: 100 })
 */
export function twinModel(model: Model, settings: { records?: number } = {}): Model {
  const twin = definitionOf(model.kind).twin(model as never)
  const bare = (column: RecordColumn): Column => (column instanceof Float64Array ? column : column.codes)
  return defineModel({
    name: `${model.kind}-twin`,
    version: JSON.stringify(model),
    fit(columns) {
      const names = Object.keys(columns)
      const labels = names.map((name) => (columns[name] as { labels?: readonly string[] }).labels)
      return { names, labels, fitted: twin.fit(Object.values(columns).map(bare)) }
    },
    sample({ names, labels, fitted }, n, { stream }) {
      const drawn = twin.sample(fitted, n, stream)
      const column = (values: Column, i: number) =>
        values instanceof Float64Array ? values : { codes: values, labels: labels[i]! }
      return Object.fromEntries(names.map((name, i) => [name, column(drawn[i]!, i)]))
    },
  })(settings)
}
