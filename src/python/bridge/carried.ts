/**
 * Buffers that are moved or shared, in the thread of an interpreter: main fetches them
 * (carrier.ts), while this thread sleeps.
 */
import { load } from "#platform/atomics"
import { waitSync } from "#platform/park"
import { hearsStarterSync, receiveFromStarter } from "#platform/thread"
import { adopt, retain } from "../../internal/memory/objects.ts"
import {
  installParcels,
  installSharedBuffers,
  type Parcels,
  type SharedBuffers,
} from "../../internal/wire/carriers.ts"
import { objectOf } from "../../isolate/shared-buffers.ts"
import type { Fetched } from "../carrier.ts"
import type { Asked, Said } from "../from-thread.ts"
import { tellHost } from "../host.ts"
import type { Inside } from "../inside.ts"
import { ROW } from "../world.ts"

function say(said: Said): void {
  tellHost({ type: "said", said })
}

/** A shared buffer that Python has. */
interface Held {
  readonly id: number
  readonly buffer: SharedArrayBuffer
  /** Handles of Python. */
  count: number
}

/** The buffers of one interpreter. */
export class Carried {
  readonly #inside: Inside
  readonly #mail: number
  readonly #known = new Map<number, Held>()
  readonly #byBuffer = new Map<SharedArrayBuffer, Held>()
  readonly #arrived = new Map<string, ArrayBuffer>()

  constructor(inside: Inside) {
    this.#inside = inside
    this.#mail = inside.row + ROW.MAIL
    installSharedBuffers(this.#sharedBuffers())
    installParcels(this.#parcels())
  }

  #ask(asked: Asked): Fetched {
    const { words } = this.#inside.at
    let seen = load(words, this.#mail)
    tellHost({ type: "asks", asked })
    for (;;) {
      const answer = receiveFromStarter()
      if (answer !== undefined) return answer as Fetched
      waitSync(words, this.#mail, seen)
      seen = load(words, this.#mail)
    }
  }

  #know({ id, buffer }: Fetched): SharedArrayBuffer {
    const held = { id: id as number, buffer: buffer as SharedArrayBuffer, count: 0 }
    this.#known.set(held.id, held)
    this.#byBuffer.set(held.buffer, held)
    return held.buffer
  }

  /** New shared memory. */
  make(bytes: number): Uint8Array {
    if (!hearsStarterSync) throw new TypeError("shared memory cannot be made in Python here")
    const answer = this.#ask({ want: "new shared", bytes })
    if (answer.buffer === undefined) throw new RangeError(answer.lost)
    const { words, me } = this.#inside.at
    adopt(words, objectOf(answer.id as number), me)
    return new Uint8Array(this.#know(answer))
  }

  /** One more handle of Python names this memory. */
  hold(buffer: SharedArrayBuffer): void {
    const held = this.#byBuffer.get(buffer)
    if (held !== undefined) held.count++
  }

  /** A handle of Python is no more. */
  letGo(buffer: SharedArrayBuffer): void {
    const held = this.#byBuffer.get(buffer)
    if (held === undefined || --held.count > 0) return
    this.#byBuffer.delete(buffer)
    this.#known.delete(held.id)
    say({ over: "shared", id: held.id })
  }

  #sharedBuffers(): SharedBuffers {
    return {
      idOf: (buffer) => {
        const held = this.#byBuffer.get(buffer)
        if (held === undefined) throw new TypeError("this shared memory was let go")
        return held.id
      },
      bufferOf: (id) => {
        const known = this.#known.get(id)?.buffer
        if (known !== undefined || !hearsStarterSync) return known
        const answer = this.#ask({ want: "shared", id })
        return answer.buffer === undefined ? undefined : this.#know(answer)
      },
      arrive: () => Promise.resolve(),
      retain: (id) => retain(this.#inside.at.words, objectOf(id)),
      revive: (id) => {
        const { words, me } = this.#inside.at
        adopt(words, objectOf(id), me)
        return this.#known.get(id)?.buffer as SharedArrayBuffer
      },
      release: (id) => say({ over: "shared on its way", id }),
    }
  }

  #parcels(): Parcels {
    const key = (home: number, id: number): string => `${home}:${id}`
    return {
      ship: () => {
        throw new TypeError("Python moves no buffers")
      },
      has: (home, id) => {
        if (this.#arrived.has(key(home, id))) return true
        if (!hearsStarterSync) return false
        const { buffer } = this.#ask({ want: "parcel", home, id })
        if (buffer === undefined) return false
        this.#arrived.set(key(home, id), buffer as ArrayBuffer)
        return true
      },
      arrive: () => Promise.resolve(),
      take: (home, id) => {
        const buffer = this.#arrived.get(key(home, id))
        if (buffer === undefined) throw new RangeError(`parcel ${key(home, id)} is not here`)
        this.#arrived.delete(key(home, id))
        return buffer
      },
      drop: (home, id) => {
        if (!this.#arrived.delete(key(home, id))) say({ over: "parcel", home, id })
      },
    }
  }
}
