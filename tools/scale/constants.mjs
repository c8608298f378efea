// @ts-check
// What was measured once, on two cores of a virtual machine with AVX-512 and a local disk, and the command that measures it.

/** Bytes of Redis 7.0 with BullMQ 6.7, a job in each state and a worker's connections: `measure.mjs memory`, `idle`. */
export const redisBytes = { empty: 1e6, waiting: 780, active: 1140, completed: 1470, worker: 46_000 }

/** Commands of Redis, those within scripts too: `measure.mjs commands`, `idle`, `busy`. */
export const commands = { block: 24, idleSecond: 3.5, busySecond: 0.8 }

/** Seconds of Redis's one thread: the same; of a busy worker too little to measure, so by its commands. */
export const redisSeconds = { block: 250e-6, idleSecond: 150e-6, busySecond: 8e-6 }

/** Seconds of one core to plan a cell, to start a worker of a planned run, and for each block of it: `measure.mjs plan`, `parts`. */
export const planning = { cell: 87e-6, start: 0.4, block: 7e-6 }

/** Seconds of one core of `collect`, a GB of parts and a part: `measure.mjs collect`. */
export const collecting = {
  check: { gigabyte: 0.85, part: 30e-6 },
  copy: { gigabyte: 1.5, part: 0.7e-3 },
  link: { gigabyte: 0.88, part: 0.35e-3 },
}

/** Bytes of a part for one of its columns: the same. */
export const compression = 0.6
