// The part of the audit's screen about a detector, poison and weights: what is left of a round, and the laws.
import type { AuditAnswer, PipelineAnswer, StageAnswer } from '@genloss/lab'
import { cut, paragraph } from './audit-text.js'
import { count, percent, short } from './numbers.js'

/** What they make of the rounds of each pipeline. */
export function stageLines({ pipelines, rounds }: AuditAnswer): string[] {
  const lines = pipelines.flatMap((pipeline) => {
    const { stages, name } = pipeline
    if (!stages) return []
    const parts = [
      leftText(pipeline, stages),
      mistakenText(pipeline, stages),
      weightText(pipeline, stages),
      diversityText(stages),
      poisonText(stages, rounds),
    ].filter((part) => part)
    return paragraph(`  ${name}: `, '    ', parts.join('; '))
  })
  return lines.length > 0 ? ['WHAT IS LEFT of a round, and where it leads by formula', ...lines] : []
}

function leftText({ real_rows, generated_rows }: PipelineAnswer, left: StageAnswer): string {
  const parts = [
    part(left.real_rows, real_rows, 'real'),
    part(left.generated_rows, generated_rows, 'generated'),
    ...(left.poisoned_rows > 0 ? [`${count(Math.round(left.poisoned_rows))} poisoned`] : []),
  ]
  return `${parts.filter((text) => text).join(', ')} rows`
}

function part(left: number, all: number, kind: string): string {
  if (all === 0) return ''
  const [now, before] = [Math.round(left), Math.round(all)]
  return now === before ? `${count(now)} ${kind}` : `${count(now)} ${kind} instead of ${count(before)}`
}

/** Real rows thrown away by mistake, and how many of them are of the rarest group. */
function mistakenText({ groups }: PipelineAnswer, { wrongly_removed: mistaken }: StageAnswer): string {
  if (mistaken === 0) return ''
  const rarest = groups.filter(({ missing }) => !missing).sort((a, b) => a.share - b.share)[0]
  const own = rarest ? `, ${short(mistaken * rarest.share, 2)} of them ${cut(rarest.value, 24)}` : ''
  return `${short(mistaken, 2)} real rows a round are thrown away by mistake${own}`
}

/** How much of a round real rows are, where they weigh more or less than others. */
function weightText(
  { real_rows, generated_rows }: PipelineAnswer,
  { real_share: share, ...left }: StageAnswer,
): string {
  const plain = left.real_rows / (left.real_rows + left.generated_rows + left.poisoned_rows)
  if (real_rows === 0 || generated_rows === 0 || Math.abs(share - plain) < 1e-9) return ''
  return `real rows weigh ${percent(share)} of a round instead of ${percent(plain)}`
}

/** A good detector can do harm: the rows that it takes are missed more than the generated ones among them. */
function diversityText({ diversity }: StageAnswer): string {
  if (!diversity) return ''
  if (diversity.with === 0 && diversity.without === 0)
    return 'diversity of categories goes to nothing with or without it'
  const [after, before] = [percent(diversity.with), percent(diversity.without)]
  const judged = diversity.with < diversity.without ? 'the detector makes it worse' : 'the detector helps'
  return `diversity of categories settles at ${after} instead of ${before}: ${judged}`
}

function poisonText({ poisoned }: StageAnswer, rounds: readonly number[]): string {
  if (!poisoned) return ''
  const said = rounds.map((round) => {
    const [median, formula] = [poisoned.median[round]!, poisoned.formula[round]!]
    return `${percent(median)} at round ${round} (by formula ${percent(formula)})`
  })
  return `poisoned ${said
    .slice(0, 1)
    .concat(said.length > 1 ? said.slice(-1) : [])
    .join(', ')}`
}
