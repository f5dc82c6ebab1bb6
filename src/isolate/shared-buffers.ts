/**
 * `SharedArrayBuffer`s known in all isolates, by number.
 *
 * A buffer gets a shared object, which counts who holds it and carries a serial number: the two
 * make its number. Its creator gives it to all isolates by port; each keeps a *master* until the
 * object ends, so the death of any isolate loses none. User code gets a clone of the master, over
 * the same memory: when the garbage collector takes the clone, the isolate lets go.
 */
import { add, read, write } from "#platform/atomics"
import { acquireObject, here } from "../internal/loop/here.ts"
import { Holdings } from "../internal/loop/holdings.ts"
import { onDestroy, releaseObject } from "../internal/loop/objects.ts"
import { collectSoon, isTooMuchShared } from "../internal/loop/pressure.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { HEAD_SERIALS } from "../internal/memory/layout.ts"
import { BODY, create, retain } from "../internal/memory/objects.ts"
import { installSharedBuffers, type SharedBuffers } from "../internal/wire/carriers.ts"
import { type MeshMessage, onMesh, post, postAll, readPorts } from "./mesh.ts"

interface Given extends MeshMessage {
  readonly type: "shared buffer"
  readonly id: number
  readonly buffer: SharedArrayBuffer
}

interface Ask extends MeshMessage {
  readonly type: "shared buffer wanted"
  readonly id: number
}

interface Ended extends MeshMessage {
  readonly type: "shared buffer ended"
  readonly id: number
}

/** Numbers are serial number times this, plus the object's word. */
const OBJECTS_MAX = 2 ** 30
const SERIAL = BODY
const OBJECT_BYTES = 4 * (BODY + 1)

const masters = new Map<number, SharedArrayBuffer>()
const ids = new WeakMap<SharedArrayBuffer, number>()
const wanted = new Map<number, PromiseWithResolvers<void>>()
const holdings = new Holdings<SharedArrayBuffer, undefined>(() => {})

/** The shared object that counts who holds the buffer with this number. */
export function objectOf(id: number): number {
  return id % OBJECTS_MAX
}

function publish(buffer: SharedArrayBuffer): number {
  const at = here()
  const object = acquireObject(at, OBJECT_BYTES)
  const serial = add(at.words, HEAD_SERIALS, 1) + 1
  write(at.words, object + SERIAL, serial)
  create(at.words, object, KIND.SHARED_BYTES, at.me)
  const id = serial * OBJECTS_MAX + object
  masters.set(id, structuredClone(buffer))
  ids.set(buffer, id)
  holdings.add(object, buffer, undefined)
  const message: Given = { type: "shared buffer", id, buffer }
  postAll(message)
  return id
}

const sharedBuffers: SharedBuffers = {
  idOf: (buffer) => ids.get(buffer) ?? publish(buffer),

  bufferOf(id) {
    if (!masters.has(id)) readPorts()
    const master = masters.get(id)
    if (master === undefined) void sharedBuffers.arrive(id)
    return master
  },

  arrive(id) {
    if (masters.has(id)) return Promise.resolve()
    let arrival = wanted.get(id)
    if (arrival === undefined) {
      arrival = Promise.withResolvers<void>()
      wanted.set(id, arrival)
      const message: Ask = { type: "shared buffer wanted", id }
      postAll(message)
    }
    return arrival.promise
  },

  retain: (id) => retain(here().words, objectOf(id)),

  revive(id) {
    const buffer = holdings.revive(here(), objectOf(id), () => {
      const clone = structuredClone(masters.get(id) as SharedArrayBuffer)
      ids.set(clone, id)
      return [clone, undefined]
    })
    return buffer
  },

  release: (id) => releaseObject(here(), objectOf(id)),
}

onMesh<Given>("shared buffer", ({ id, buffer }) => {
  if (isTooMuchShared(buffer.byteLength)) collectSoon()
  masters.set(id, buffer)
  wanted.get(id)?.resolve()
  wanted.delete(id)
})

onMesh<Ask>("shared buffer wanted", ({ id }, from) => {
  readPorts()
  const buffer = masters.get(id)
  if (buffer === undefined) return
  const message: Given = { type: "shared buffer", id, buffer }
  post(from, message)
})

onMesh<Ended>("shared buffer ended", ({ id }) => {
  masters.delete(id)
})

onDestroy(KIND.SHARED_BYTES, (at, object) => {
  const id = read(at.words, object + SERIAL) * OBJECTS_MAX + object
  masters.delete(id)
  const message: Ended = { type: "shared buffer ended", id }
  postAll(message)
})

installSharedBuffers(sharedBuffers)
