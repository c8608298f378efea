// What the commands of a queue share.

/** Of the flag `--redis`. */
export const REDIS_HELP =
  "the queue's Redis, redis://user:password@host:port; default GENLOSS_REDIS, else this machine's"
