// `genloss policies`: what the training set of the next generation can be made of.
import type { Command } from 'commander'
import { describe } from '../help.js'
import { type Common, print, printJson } from '../output.js'
import { widthOf } from '../terminal.js'
import { type Kind, kindsJson, kindsText, settingsOf } from '../views/kinds.js'

export function register(program: Command): void {
  describe(
    program.command('policies'),
    'The data policies (--policy): what the training set of the next generation is made of.',
    ['genloss policies', 'genloss run --origin gaussian --policy mix:real=0.1,source=fresh --n 100'],
  ).action(async ({ json }: Common) => {
    const [{ description }, { policies }] = await Promise.all([import('@genloss/lab'), import('@genloss/models')])
    const listed: Kind[] = description().policies.map(({ kind, doc }) => ({
      kind,
      doc,
      more: {},
      settings: settingsOf(policies[kind as keyof typeof policies]),
    }))
    if (json) printJson({ policies: kindsJson(listed) })
    else print(kindsText(listed, widthOf(process.stdout)))
  })
}
