// The blocks of a run as jobs of a BullMQ queue on Redis: bytes go to the run's folder, never through Redis.

export { type Cancelled, cancel, compareReturned, type QueueStatus, type Returned, status } from './look.js'
export { type RedisOptions, redisUrl, shownUrl } from './redis.js'
export { type BlockJob, type BlockReturn, queueName } from './run-queue.js'
export { type SubmitOptions, type Submitted, submit } from './submit.js'
export { type Worked, type WorkedBlock, type WorkOptions, work } from './work.js'
