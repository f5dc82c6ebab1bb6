/** What every way in which values lie in slots can do. */

/** What `readNow` answers when the value must be lifted. */
export const NOT_NOW: unique symbol = Symbol("not now")

/** A lifted value that cannot be made yet: a shared object, which drops it if its isolate dies. */
export type Parked = number

/** One way in which values lie in slots. */
export interface Slots {
  readonly slotBytes: number
  /** Writes a value that needs no staging into the slot at byte `slot`; false for all others. */
  writeNow(value: unknown, slot: number): boolean
  /** Reads a value that need not be lifted; `NOT_NOW` for all others. */
  readNow(slot: number): unknown
  /** Makes ready what `put` writes. @throws when the value cannot be sent */
  stage(value: unknown): void
  /** Writes the staged value into the slot at byte `slot`, and makes its effects real. */
  put(slot: number): void
  /** Whether putting what was staged takes it from its sender. */
  readonly moves: boolean
  /** Whether what was staged names handles or buffers: putting it counts references. */
  readonly carries: boolean
  /** Takes back what was staged: it will not be sent. */
  unstage(): void
  /** Lifts the value out of its slot, which may be written again afterwards. */
  lift(slot: number): void
  /** Whether the lifted value must be waited for. */
  readonly pending: boolean
  /** Resolves when the lifted value can be made. */
  arrived(): Promise<void>
  /** Keeps the lifted value. @throws {OutOfSharedMemoryError} and it is dropped */
  park(): Parked
  /** Lifts it again. */
  unpark(parked: Parked): void
  /** What was lifted again is this isolate's to make. */
  endParked(parked: Parked): void
  /** Drops a parked value that nobody will receive. */
  dropParked(parked: Parked): void
  /** Makes the value that was lifted last. */
  make(): unknown
  /** The value of a slot that keeps it. */
  look(slot: number): unknown
  /** Whether the value of a slot must be waited for, and until when. */
  pendingIn(slot: number): boolean
  arrivedIn(slot: number): Promise<void>
  /** Drops a value that nobody will receive. */
  drop(slot: number): void
  /** Gives back what it holds; nobody uses it any more. */
  dispose(): void
}

/** What slots of plain numbers need not do: nothing in them must be waited for or dropped. */
export abstract class PlainSlots {
  readonly pending = false
  readonly moves = false
  readonly carries = false

  arrived(): Promise<void> {
    return Promise.resolve()
  }

  park(): Parked {
    return 0
  }

  unpark(_parked: Parked): void {}

  endParked(_parked: Parked): void {}

  dropParked(_parked: Parked): void {}

  unstage(): void {}

  pendingIn(_slot: number): boolean {
    return false
  }

  arrivedIn(_slot: number): Promise<void> {
    return Promise.resolve()
  }

  drop(_slot: number): void {}
}
