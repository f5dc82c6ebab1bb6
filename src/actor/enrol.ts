/** What makes actors known everywhere: their loop, the reaping of the dead, the room itself. */
import "./reap.ts"
import "./loop.ts"
import { ownUrl } from "#platform/module"
import { useEntry } from "../internal/loop/entries.ts"

// Actors start tasks, whether main does or not.
useEntry(ownUrl("task/entry"))
useEntry(ownUrl("actor/index"))
