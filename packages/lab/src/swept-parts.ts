// A part of an experiment (its origin, its model) wherever it stands: in the base, or as a value of an axis.

import type { Experiment } from './experiment.js'
import type { Axis } from './sweep.js'

/** The experiment with `map` over every value that the part has. */
export function mapPart(
  { name, base, axes }: Experiment,
  part: 'origin' | 'model',
  map: (value: unknown) => unknown,
): Experiment {
  const own = base[part] === undefined ? {} : { [part]: map(base[part]) }
  return { name, base: { ...base, ...own }, axes: axes.map((axis) => mapAxis(axis, part, map)) }
}

function mapAxis({ path, values }: Axis, part: string, map: (value: unknown) => unknown): Axis {
  const at = path.split(',').indexOf(part)
  if (at < 0) return { path, values }
  if (path === part) return { path, values: values.map(map) }
  return {
    path,
    values: values.map((tuple) => (tuple as unknown[]).map((value, i) => (i === at ? map(value) : value))),
  }
}

/** Paths of all axes, those that go together one by one. */
export function pathsOf({ axes }: Pick<Experiment, 'axes'>): string[] {
  return axes.flatMap(({ path }) => path.split(','))
}
