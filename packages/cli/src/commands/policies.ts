// `genloss policies`: what the training set of the next generation can be made of, and what is done to its records.
import type { Command } from 'commander'
import { describe } from '../help.js'
import { type Common, print, printJson } from '../output.js'
import { styles, widthOf } from '../terminal.js'
import { type Kind, kindsJson, kindsText, settingsOf } from '../views/kinds.js'

export function register(program: Command): void {
  describe(
    program.command('policies'),
    'The data policies (--policy): what the training set of the next generation is made of; and the stages (--set): what is done to records on their way into it.',
    [
      'genloss policies',
      'genloss run --origin gaussian --policy mix:real=0.1,source=fresh --n 100',
      'genloss run --origin gaussian --n 100 --set poison.share=0,0.01,0.1 --set poison.record=5',
    ],
  ).action(async ({ json }: Common) => {
    const [{ description }, { policies, stages }] = await Promise.all([
      import('@genloss/lab'),
      import('@genloss/models'),
    ])
    const listed: Kind[] = description().policies.map(({ kind, doc }) => ({
      kind,
      doc,
      more: {},
      settings: settingsOf(policies[kind as keyof typeof policies]),
    }))
    const staged: Kind[] = Object.values(stages).map((shape) => ({
      kind: shape.kind,
      doc: shape.doc,
      more: {},
      settings: settingsOf(shape),
    }))
    if (json) return printJson({ policies: kindsJson(listed), stages: kindsJson(staged) })
    const { bold } = styles(process.stdout)
    const width = widthOf(process.stdout)
    print(`${bold('POLICIES')}\n\n${kindsText(listed, width)}\n\n${bold('STAGES')}\n\n${kindsText(staged, width)}`)
  })
}
