/**
 * The one file every isolate starts with: attach to the memory, load the entries, say so. A spare
 * one loads first, and waits until it is to begin.
 */
import { whenWritten } from "#platform/output"
import { hold } from "#platform/park"
import { onStarterMessage, postToStarter, startData } from "#platform/thread"
import { loadEntry } from "../internal/loop/entries.ts"
import { noteHeap } from "../internal/loop/heap-sample.ts"
import { attach } from "../internal/loop/here.ts"
import { memoryOver } from "../internal/memory/memory.ts"
import { joinMesh } from "./mesh.ts"
import { type FlushMessage, WRITTEN } from "./output.ts"
import "./parcels.ts"
import "./share.ts"
import "./shared-buffers.ts"
import type { LoadMessage, StartData } from "./roster.ts"
import type { BeginMessage, SpareData } from "./spare.ts"

// An isolate lives until it is ended: waiting for work alone does not keep a thread alive.
hold()
const begun = Promise.withResolvers<readonly string[]>()

function begin({ buffer, token, links, entries }: StartData): void {
  attach(memoryOver(buffer), token)
  joinMesh(links)
  begun.resolve(entries)
}

const { spare } = startData as Partial<SpareData>
if (spare === undefined) begin(startData as StartData)
onStarterMessage((message) => {
  const told = message as Partial<LoadMessage & FlushMessage & BeginMessage<StartData>>
  if (told.begin !== undefined) begin(told.begin)
  else if (told.load !== undefined) void loadEntry(told.load)
  else if (told.flush) void whenWritten().then(() => postToStarter(WRITTEN))
})
for (const entry of spare ?? []) await loadEntry(entry)
for (const entry of await begun.promise) await loadEntry(entry)
noteHeap()
postToStarter("running")
