/**
 * How buffers travel, which the shared memory cannot hold: those that are moved as parcels, those
 * that are shared by numbers. A program with one isolate has both to itself.
 */

/**
 * Carries buffers between isolates beside the shared memory; the isolate room installs the real
 * one. A parcel has the isolate it comes from and a number; it is taken once, or dropped.
 */
export interface Parcels {
  /** Detaches the buffer here and sends it on its way. */
  ship(buffer: ArrayBuffer): { home: number; id: number }
  /** Whether the parcel is here. */
  has(home: number, id: number): boolean
  /** Resolves when the parcel is here. */
  arrive(home: number, id: number): Promise<void>
  /** Gives a parcel that is here. */
  take(home: number, id: number): ArrayBuffer
  /** Nobody will take this parcel. */
  drop(home: number, id: number): void
}

/** Makes `SharedArrayBuffer`s nameable in all isolates; the isolate room installs the real one. */
export interface SharedBuffers {
  /** The number of a buffer, the same in every isolate. */
  idOf(buffer: SharedArrayBuffer): number
  /** The buffer with this number, when it is known here. */
  bufferOf(id: number): SharedArrayBuffer | undefined
  /** Resolves when `bufferOf(id)` is known here. */
  arrive(id: number): Promise<void>
  /** One more in-flight reference. */
  retain(id: number): void
  /** Adopts one in-flight reference; the buffer is known here. */
  revive(id: number): SharedArrayBuffer
  /** Drops one in-flight reference. */
  release(id: number): void
}

/** A program with one isolate sends to itself: parcels wait in a table. */
class LocalParcels implements Parcels {
  readonly #waiting = new Map<number, ArrayBuffer>()
  #last = 0

  ship(buffer: ArrayBuffer): { home: number; id: number } {
    const id = ++this.#last
    this.#waiting.set(id, structuredClone(buffer, { transfer: [buffer] }))
    return { home: 0, id }
  }

  has(_home: number, id: number): boolean {
    return this.#waiting.has(id)
  }

  arrive(_home: number, _id: number): Promise<void> {
    return Promise.resolve()
  }

  take(_home: number, id: number): ArrayBuffer {
    const buffer = this.#waiting.get(id)
    if (buffer === undefined) throw new RangeError(`no parcel ${id}: it was taken or dropped`)
    this.#waiting.delete(id)
    return buffer
  }

  drop(_home: number, id: number): void {
    this.#waiting.delete(id)
  }
}

/** A program with one isolate: buffers are known by number for as long as messages name them. */
class LocalSharedBuffers implements SharedBuffers {
  readonly #ids = new WeakMap<SharedArrayBuffer, number>()
  readonly #flying = new Map<number, { readonly buffer: SharedArrayBuffer; count: number }>()
  readonly #known = new Map<number, WeakRef<SharedArrayBuffer>>()
  #last = 0

  idOf(buffer: SharedArrayBuffer): number {
    let id = this.#ids.get(buffer)
    if (id === undefined) {
      id = ++this.#last
      this.#ids.set(buffer, id)
      this.#known.set(id, new WeakRef(buffer))
    }
    return id
  }

  bufferOf(id: number): SharedArrayBuffer | undefined {
    return this.#known.get(id)?.deref()
  }

  arrive(_id: number): Promise<void> {
    return Promise.resolve()
  }

  retain(id: number): void {
    const entry = this.#flying.get(id)
    if (entry !== undefined) {
      entry.count++
      return
    }
    const buffer = this.bufferOf(id)
    if (buffer !== undefined) this.#flying.set(id, { buffer, count: 1 })
  }

  revive(id: number): SharedArrayBuffer {
    const buffer = this.bufferOf(id)
    if (buffer === undefined) throw new RangeError(`shared buffer ${id} is not known here`)
    this.release(id)
    return buffer
  }

  release(id: number): void {
    const entry = this.#flying.get(id)
    if (entry !== undefined && --entry.count === 0) this.#flying.delete(id)
  }
}

let carrier: Parcels = new LocalParcels()
let directory: SharedBuffers = new LocalSharedBuffers()

/** Replaces how moved buffers travel, before the first message is encoded. */
export function installParcels(replacement: Parcels): void {
  carrier = replacement
}

/** Replaces how shared buffers are named, before the first message is encoded. */
export function installSharedBuffers(replacement: SharedBuffers): void {
  directory = replacement
}

/** How moved buffers travel now. */
export function parcels(): Parcels {
  return carrier
}

/** How shared buffers are named now. */
export function sharedBuffers(): SharedBuffers {
  return directory
}
