/** Making, finding and ending the channels of this isolate. */
import { read, type Words, write } from "#platform/atomics"
import { simulated } from "#platform/simulation"
import { cells } from "../internal/loop/cell.ts"
import { acquireObject, type Here, here } from "../internal/loop/here.ts"
import { Holdings } from "../internal/loop/holdings.ts"
import { onDestroy } from "../internal/loop/objects.ts"
import { KIND } from "../internal/memory/kinds.ts"
import { create, isHeldOnce } from "../internal/memory/objects.ts"
import { abandon, contents, keepGuarded } from "../internal/queue/side.ts"
import { wakeAll } from "../internal/queue/wait-queue.ts"
import { type Schema, schemaFrom } from "../internal/wire/struct.ts"
import { onAsk } from "./ask.ts"
import { ChannelCore } from "./core.ts"
import type { Flavor } from "./flavor.ts"
import { dropClaims, RedeliverCore } from "./flavors/redeliver.ts"
import { RendezvousCore } from "./flavors/rendezvous.ts"
import * as layout from "./layout.ts"
import { type Meta, metaOf, notedMeta, type Remains } from "./remains.ts"
import type { Slots } from "./slots/types.ts"
import { slotBytesOf, slotsFor } from "./slots.ts"

type Core = ChannelCore | RendezvousCore

const holdings = new Holdings<Core, Pick<Remains, "dispose">>((object, remains, last) => {
  remains.dispose()
  const at = here()
  if (!last || read(at.words, object + layout.CAPACITY) === 0) return
  // Who waits for it holds it.
  if (isHeldOnce(at.words, object)) return
  abandon(at.words, object + layout.WRITER, at.me)
  abandon(at.words, object + layout.READER, at.me)
  wakeAll(at.words, object + layout.RECEIVERS, at.me)
  wakeAll(at.words, object + layout.WAITING_SENDERS, at.me)
})

/** Makes a channel. */
export function createChannel(
  capacity: number,
  meta: Meta,
  schema: Schema<unknown> | undefined,
): Flavor {
  const stand = simulated()
  if (stand !== undefined) return stand.play("channel", [capacity, meta, schema]) as Flavor
  const at = here()
  const slotsBytes = capacity === 0 ? 0 : layout.slotCount(capacity) * slotBytesOf(schema)
  const object = acquireObject(at, layout.SLOTS * 4 + slotsBytes, layout.SLOTS * 4)
  write(at.words, object + layout.CAPACITY, capacity)
  putMeta(at, object, meta)
  write(at.words, object + layout.HAS_SCHEMA, schema === undefined ? 0 : 1)
  if (meta.whenReceiverDies === "redeliver") keepGuarded(at.words, object + layout.READER)
  create(at.words, object, KIND.CHANNEL, at.me)
  const core = coreOf(at, object)
  holdings.add(object, core, core.remains)
  return core
}

function putMeta(at: Here, object: number, meta: Meta): void {
  try {
    const noted = notedMeta(meta)
    const tag = cells().prepare(noted, "channel")
    cells().put(object + layout.META, tag, noted)
  } catch (error) {
    at.arena.release(object)
    throw error
  }
}

function coreOf(at: Here, object: number): Core {
  if (read(at.words, object + layout.CAPACITY) === 0) return new RendezvousCore(at, object)
  const meta = metaOf(object)
  return meta.whenReceiverDies === "redeliver"
    ? new RedeliverCore(at, object)
    : new ChannelCore(at, object)
}

/** The channel a message refers to; its reference becomes this isolate's. */
export function reviveChannel(object: number): Flavor {
  const at = here()
  return holdings.revive(at, object, () => {
    const core = coreOf(at, object)
    return [core, core.remains]
  })
}

/**
 * The local side of a channel that something else keeps alive; made for the moment where there is
 * none.
 */
export function withChannel(at: Here, object: number, use: (core: Flavor) => void): void {
  const known = holdings.get(object)
  if (known !== undefined) {
    use(known)
    return
  }
  const core = coreOf(at, object)
  use(core)
  core.remains.dispose()
}

onDestroy(KIND.CHANNEL, (at, object) => {
  const slots = slotsOf(at, object)
  if (read(at.words, object + layout.CAPACITY) > 0) {
    dropValues(at.words, object, slots)
    dropClaims(at, object, slots)
  }
  slots.dispose()
  cells().drop(object + layout.META)
  cells().drop(object + layout.CLOSE_FAILURE)
})

/** Slots as they lie in a channel that nobody uses any more. */
function slotsOf(at: Here, object: number): Slots {
  if (read(at.words, object + layout.HAS_SCHEMA) === 0) return slotsFor(at, undefined)
  const { of } = metaOf(object)
  return slotsFor(at, of === undefined ? undefined : schemaFrom(of))
}

/** Drops the values that nobody will receive; the ring has no users any more. */
function dropValues(words: Words, object: number, slots: Slots): void {
  const mask = layout.slotCount(read(words, object + layout.CAPACITY)) - 1
  const [from, count] = contents(words, object + layout.WRITER, object + layout.READER)
  for (let i = 0; i < count; i++) {
    slots.drop((object + layout.SLOTS) * 4 + ((from + i) & mask) * slots.slotBytes)
  }
}

onAsk((object, place) => {
  const core = holdings.get(object)
  if (!(core instanceof ChannelCore)) return
  if (place === layout.WRITER) core.writer.yield()
  else core.reader.yield()
})
