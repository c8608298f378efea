// From experiment to plan to blocks to parts and back: what the program, the API and the studio are built on.

export { type RunOptions, run } from './api.js'
export * from './attribution/index.js'
export * from './audit/index.js'
export { type BlockText, blockText } from './block-text.js'
export { type BlockRange, blockBytes, chainBytes, cutBlocks } from './blocks.js'
export * from './budget/index.js'
export { canonical, sha256 } from './canonical.js'
export type { CellDocument, EventDocument } from './cell-document.js'
export { CellResult } from './cell-result.js'
export * from './compare/index.js'
export { type CellComparison, compareCells, type EventComparison, type MeasureComparison } from './comparison.js'
export type { ConditionalMeans } from './conditional-means.js'
export { CoreTables } from './core-tables.js'
export { cellCost, chainCost } from './cost.js'
export type { DataInfo } from './data-info.js'
export { type EngineOptions, type Progress, runBlocks, type Work } from './engine.js'
export {
  type Experiment,
  type ExperimentInput,
  type Loose,
  parseExperiment,
  type SetPath,
  setPaths,
  type Written,
} from './experiment.js'
export { fields } from './fields.js'
export { partName, partsThere, RunFolder, readPlan } from './folder.js'
export { type Hashes, hashesOf } from './laws.js'
export * from './lineage/index.js'
export { type Description, description, type Native, native } from './native.js'
export { type CheckedModel, type CheckOptions, checkModel } from './own/check-model.js'
export type { ModelLimits } from './own/hosted-run.js'
export { defineProgram, type ProgramSettings } from './own/program.js'
export { type NewFile, newModel, type Template, templates, writeNew } from './own/scaffold.js'
export { twinModel } from './own/twin-model.js'
export * from './paper/index.js'
export { type Cell, cellOf, makePlan, type Plan, type Planned } from './plan.js'
export { type Prepared, type PrepareOptions, prepare } from './prepare.js'
export { duckdbVersion, type QueryOptions, type QueryRow, query } from './query.js'
export type { PlainValue } from './query-values.js'
export { type ExperimentFile, readExperiment, readExperimentFile } from './read-experiment.js'
export { type RunDocument, RunResult } from './result.js'
export { type Filled, type FillSettings, fillFolder, folderResult, type RunSettings, runPrepared } from './run.js'
export * from './scaling/index.js'
export { recorded, type Settled, settle, stateColumns, valueColumns } from './settings.js'
export * from './shards/index.js'
export * from './sources/index.js'
export { type Standing, standingOf } from './standing.js'
export { type Axis, cellCount, sweptAt, sweptInWords } from './sweep.js'
export { readTables, type WithTables } from './tables.js'
export { threadsOf } from './threads.js'
export * from './verify/index.js'
