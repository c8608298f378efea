// @ts-check
// What was measured once, on two cores of a virtual machine with AVX-512 and a local disk, and the command that measures it.

/** Of Redis 7.0 with BullMQ 6.7: `node tools/scale/measure.mjs memory`. */
export const redisBytes = { empty: 1e6, waiting: 750, active: 1140, completed: 1470, worker: 45_000 }

/** Commands of Redis, those within scripts too: `node tools/scale/measure.mjs commands`, `idle` and `busy`. */
export const commands = { block: 24, idleSecond: 3.5, busySecond: 0.62 }

/** Seconds of Redis's one thread: the same commands. */
export const redisSeconds = { block: 190e-6, idleSecond: 110e-6, busySecond: 20e-6 }

/** Seconds of one core: `node tools/scale/measure.mjs plan`. */
export const planning = { cell: 90e-6, start: 0.5 }

/** Seconds of one core a GB of parts: `node tools/scale/measure.mjs collect`; and bytes of a part for one of columns. */
export const collecting = { check: 0.76, copy: 1.35, link: 0.88, part: 0.001, compression: 0.6 }
