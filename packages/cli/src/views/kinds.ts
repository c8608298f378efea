// The lists of models, origins and policies: the native core's account of itself joined with the definitions' settings.
import type { Shape } from '@genloss/models'
import { styles, wrap } from '../terminal.js'

/** A setting of a model, an origin or a policy. */
export interface Setting {
  name: string
  doc: string
  /** What is accepted, in words that follow "expected". */
  rule: string
  default?: unknown
  required: boolean
}

/** One entry of a list. */
export interface Kind {
  kind: string
  doc: string
  /** What stands beside it for people and programs: origins, methods, an example. */
  more: Record<string, unknown>
  settings: Setting[]
}

/** The settings of a shape in the order in which it has them. */
export function settingsOf({ fields }: Pick<Shape, 'fields'>): Setting[] {
  return Object.entries(fields).map(([name, { check, doc, fallback, optional }]) => ({
    name,
    doc,
    rule: check.rule,
    ...(fallback === undefined ? {} : { default: fallback }),
    required: fallback === undefined && !optional,
  }))
}

/** Kinds as JSON: what stands beside them at the same level. */
export function kindsJson(kinds: readonly Kind[]): object[] {
  return kinds.map(({ kind, doc, more, settings }) => ({ kind, doc, ...more, settings }))
}

/** Kinds as text: name and meaning, then a line for everything that can be told. */
export function kindsText(kinds: readonly Kind[], width: number): string {
  const { bold, dim } = styles(process.stdout)
  const names = kinds.flatMap(({ kind, more, settings }) => [
    kind,
    ...Object.keys(more).map((name) => `  ${name}`),
    ...settings.map(({ name }) => `  ${name}`),
  ])
  const column = Math.max(...names.map((name) => name.length)) + 2
  const line = (name: string, text: string) => `${name}${' '.repeat(column - name.length)}${wrap(text, width, column)}`
  const blocks = kinds.map(({ kind, doc, more, settings }) =>
    [
      line(kind, doc).replace(kind, bold(kind)),
      ...Object.entries(more).map(([name, value]) =>
        dim(line(`  ${name}`, Array.isArray(value) ? value.join(', ') : String(value))),
      ),
      ...settings.map((setting) => line(`  ${setting.name}`, settingText(setting))),
    ].join('\n'),
  )
  return blocks.join('\n\n')
}

function settingText({ doc, rule, default: fallback, required }: Setting): string {
  const last = required ? '; required' : fallback === undefined ? '' : `; default ${fallback}`
  return `${doc} [${rule}${last}]`
}
