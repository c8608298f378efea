// `genloss models`: what can be fitted, to what, and how it is written.
import type { Command } from 'commander'
import { describe } from '../help.js'
import { type Common, print, printJson } from '../output.js'
import { styles, widthOf } from '../terminal.js'
import { type Kind, kindsJson, kindsText, settingsOf } from '../views/kinds.js'

export function register(program: Command): void {
  describe(
    program.command('models'),
    'The models (--model) and the origins that they are fitted to (--origin), with their settings.',
    ['genloss models', 'genloss models --json'],
  ).action(async ({ json }: Common) => {
    const [{ description }, { models, originShapes }] = await Promise.all([
      import('@genloss/lab'),
      import('@genloss/models'),
    ])
    const listed: Kind[] = description().families.map(({ kind, methods }) => {
      const { origins, example, shape } = models[kind]
      return {
        kind,
        doc: shape.doc,
        more: { origins, methods, example: `--model ${example}` },
        settings: settingsOf(shape),
      }
    })
    const origins: Kind[] = Object.values(originShapes).map((shape) => ({
      kind: shape.kind,
      doc: shape.doc,
      more: {},
      settings: settingsOf(shape),
    }))
    if (json) return printJson({ models: kindsJson(listed), origins: kindsJson(origins) })
    const { bold } = styles(process.stdout)
    const width = widthOf(process.stdout)
    print(`${bold('MODELS')}\n\n${kindsText(listed, width)}\n\n${bold('ORIGINS')}\n\n${kindsText(origins, width)}`)
  })
}
