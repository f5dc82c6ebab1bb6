/**
 * Moved buffers on their way. A parcel stays with its sender, detached from every view, until the
 * isolate that received the message asks for it; it crosses by transfer, in time independent of its
 * size.
 *
 * Asking goes to its home. When the home has died with it, or has handed it over already, the
 * others are asked; when nobody has it the message's receiver learns that it is lost.
 */

import { BufferLostError } from "../errors.ts"
import { here } from "../internal/loop/here.ts"
import { onDeath } from "../internal/loop/pump.ts"
import { isAlive, slotOf } from "../internal/memory/owners.ts"
import { installParcels, type Parcels } from "../internal/wire/carriers.ts"
import {
  forgetTheDead,
  type MeshMessage,
  onLink,
  onMesh,
  post,
  reachable,
  readPorts,
} from "./mesh.ts"

/** Please send this parcel. */
interface Ask extends MeshMessage {
  readonly type: "parcel wanted"
  readonly home: number
  readonly id: number
}

/** Here it is; without a buffer: I do not have it. */
interface Answer extends MeshMessage {
  readonly type: "parcel"
  readonly home: number
  readonly id: number
  readonly buffer?: ArrayBuffer
}

/** Nobody will take this parcel. */
interface Drop extends MeshMessage {
  readonly type: "parcel dropped"
  readonly home: number
  readonly id: number
}

interface Arrival {
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: Error) => void
  /** Slots that were asked and have not answered. */
  readonly asked: Set<number>
}

/** Parcels here by the token of their home and their number, their own and others'. */
const waiting = new Map<string, ArrayBuffer>()
const arrivals = new Map<string, Arrival>()
let last = 0

function key(home: number, id: number): string {
  return `${home}:${id}`
}

const parcels: Parcels = {
  ship(buffer) {
    const home = here().me
    const id = ++last
    waiting.set(key(home, id), structuredClone(buffer, { transfer: [buffer] }))
    return { home, id }
  },

  has(home, id) {
    if (waiting.has(key(home, id))) return true
    readPorts()
    if (waiting.has(key(home, id))) return true
    void parcels.arrive(home, id).catch(() => {})
    return false
  },

  arrive(home, id) {
    if (waiting.has(key(home, id))) return Promise.resolve()
    return (arrivals.get(key(home, id)) ?? askFor(home, id)).promise
  },

  take(home, id) {
    const buffer = waiting.get(key(home, id))
    if (buffer === undefined) throw new RangeError(`parcel ${key(home, id)} is not here`)
    waiting.delete(key(home, id))
    return buffer
  },

  drop(home, id) {
    if (waiting.delete(key(home, id))) return
    const message: Drop = { type: "parcel dropped", home, id }
    if (isAlive(here().words, home)) post(slotOf(home), message)
  },
}

function askFor(home: number, id: number): Arrival {
  const arrival: Arrival = { ...Promise.withResolvers<void>(), asked: new Set() }
  arrivals.set(key(home, id), arrival)
  for (const slot of reachable()) if (askAt(slot, home, id)) arrival.asked.add(slot)
  settleIfLost(home, id, arrival)
  return arrival
}

function askAt(slot: number, home: number, id: number): boolean {
  const message: Ask = { type: "parcel wanted", home, id }
  return post(slot, message)
}

function settleIfLost(home: number, id: number, arrival: Arrival): void {
  if (arrival.asked.size > 0 || !arrivals.delete(key(home, id))) return
  arrival.reject(new BufferLostError(slotOf(home)))
}

onMesh<Ask>("parcel wanted", ({ home, id }, from) => {
  readPorts()
  const buffer = waiting.get(key(home, id))
  waiting.delete(key(home, id))
  const answer: Answer = { type: "parcel", home, id, ...(buffer === undefined ? {} : { buffer }) }
  post(from, answer, buffer === undefined ? [] : [buffer])
})

onMesh<Answer>("parcel", ({ home, id, buffer }, from) => {
  const arrival = arrivals.get(key(home, id))
  if (buffer !== undefined) {
    waiting.set(key(home, id), buffer)
    arrivals.delete(key(home, id))
    arrival?.resolve()
    return
  }
  arrival?.asked.delete(from)
  if (arrival !== undefined) settleIfLost(home, id, arrival)
})

onMesh<Drop>("parcel dropped", ({ home, id }) => {
  waiting.delete(key(home, id))
})

function named(key: string): [home: number, id: number] {
  return key.split(":").map(Number) as [number, number]
}

onDeath(() => {
  forgetTheDead()
  const alive = new Set(reachable())
  for (const [key, arrival] of arrivals) {
    for (const slot of arrival.asked) if (!alive.has(slot)) arrival.asked.delete(slot)
    settleIfLost(...named(key), arrival)
  }
})

// Whoever was asked has died, and its successor does not know.
onLink((slot) => {
  for (const [key, { asked }] of arrivals) if (asked.has(slot)) askAt(slot, ...named(key))
})

installParcels(parcels)
