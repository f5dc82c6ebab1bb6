/** What makes actors known everywhere: their loop, the reaping of the dead, the room itself. */
import "./reap.ts"
import "./loop.ts"
import { ownUrl } from "#platform/module"
import { isMainThread } from "#platform/thread"
// What a dead isolate leaves (inbox, counters) is put in order by main, though it starts no task.
import "../task/worker.ts"
import { useEntry } from "../internal/loop/entries.ts"
import { whenAttached } from "../internal/loop/here.ts"
import { COUNTER, count } from "../internal/memory/counters.ts"

// Actors start tasks, whether main does or not.
useEntry(ownUrl("task/entry"))
useEntry(ownUrl("actor/index"))

// Main is no home for what may live anywhere. What has loaded this room may have no part in the
// shared memory yet: a spare thread, or one of the published package, where this is part of the
// file that is loaded before; one that makes Python's image never has.
if (!isMainThread) whenAttached(({ words, me }) => count(words, me, COUNTER.HOSTS_ACTORS, 1))
