// More than one process: a plan's blocks dealt to shards, and their parts put together.

export { type Collected, type CollectOptions, collect, type FaultyPart } from './collect.js'
export { deal, dealt } from './deal.js'
export { fileHash } from './file-hash.js'
export { BlockMaker, type MadeBlock, prepareRun, startedIn } from './maker.js'
export { blocksOfShard, runShard, type ShardResult } from './run-shard.js'
export { type Shard, shardOf } from './shard.js'
