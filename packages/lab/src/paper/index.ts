// `genloss paper`: the paper's experiments, every constant named.

export { type Constant, constantsOf } from './constants.js'
export {
  type KnownNumber,
  type PaperFigure,
  type PaperOptions,
  type PaperRunner,
  type PaperVerdict,
  paper,
  presetsOf,
  type Reproduction,
} from './paper.js'
export { isRoom, type PaperExperiment, type Preset, type Room } from './preset.js'
export { experiments } from './presets/index.js'
export { type Rule, ruleInWords } from './rules.js'
export { told } from './sources.js'
