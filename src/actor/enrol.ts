/** What makes actors known everywhere: their loop, the reaping of the dead, the room itself. */
import "./reap.ts"
import "./loop.ts"
import { ownUrl } from "#platform/module"
import { isMainThread } from "#platform/thread"
// What a dead isolate leaves (inbox, counters) is put in order by main, though it starts no task.
import "../task/worker.ts"
import { useEntry } from "../internal/loop/entries.ts"
import { here, isAttached } from "../internal/loop/here.ts"
import { COUNTER, count } from "../internal/memory/counters.ts"

// Actors start tasks, whether main does or not.
useEntry(ownUrl("task/entry"))
useEntry(ownUrl("actor/index"))

// Main is no home for what may live anywhere. A microtask later, because in the published package
// this room is part of the file that the isolate loads before it is attached to the memory.
if (!isMainThread)
  queueMicrotask(() => {
    // A thread that makes Python's image has no part in the shared memory.
    if (isAttached()) count(here().words, here().me, COUNTER.HOSTS_ACTORS, 1)
  })
