/** The one file every isolate starts with: attach to the memory, load the entry, say so. */
import { hold } from "#platform/park"
import { onStarterMessage, postToStarter, startData } from "#platform/thread"
import { noteHeap } from "../internal/loop/heap-sample.ts"
import { attach } from "../internal/loop/here.ts"
import { memoryOver } from "../internal/memory/memory.ts"
import { hearOf, joinMesh } from "./mesh.ts"
import "./parcels.ts"
import "./share.ts"
import "./shared-buffers.ts"
import type { LoadMessage, StartData } from "./roster.ts"

// An isolate lives until it is ended: waiting for work alone does not keep a thread alive.
hold()
const data = startData as StartData
attach(memoryOver(data.buffer), data.token)
joinMesh(data.links)
onStarterMessage((message) => {
  const { load } = message as Partial<LoadMessage>
  if (load === undefined) hearOf(message)
  else void import(load)
})
for (const entry of data.entries) await import(entry)
noteHeap()
postToStarter("running")
