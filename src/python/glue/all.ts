/** The modules of the glue, in the order in which they are made. */
import { CHANNELS } from "./channels.ts"
import { HEDDLE } from "./heddle.ts"
import { HOST } from "./host.ts"
import { INTERPRETERS } from "./interpreters.ts"
import { LOOP } from "./loop.ts"
import { MISSING } from "./missing.ts"
import { PACK } from "./pack.ts"
import { PIPES } from "./pipes.ts"
import { PROCESSES } from "./processes.ts"
import { QUEUES } from "./queues.ts"
import { SERVE } from "./serve.ts"
import { TESTING } from "./testing.ts"

/** Names of modules and their texts; a picture of memory has them all in it. */
export const GLUE: readonly (readonly [string, string])[] = [
  ["_heddle_pack", PACK],
  ["_heddle_serve", SERVE],
  ["_heddle_pipes", PIPES],
  ["_heddle_missing", MISSING],
  ["_heddle_loop", LOOP],
  ["_heddle_host", HOST],
  ["_heddle_processes", PROCESSES],
  ["heddle", HEDDLE],
  ["_interpreters", INTERPRETERS],
  ["_interpqueues", QUEUES],
  ["_interpchannels", CHANNELS],
  ["_heddle_testing", TESTING],
]
