/**
 * What crosses as a handle: a number that names a shared object, and its kind.
 *
 * A handle is an object of a class derived from `Shareable`; its room registers the kind when it is
 * loaded. In a message a handle is (kind id, number), and the message owns one reference:
 *
 *   encode + commit   retain   one more in-flight reference
 *   decode            revive   the in-flight reference becomes the receiver's
 *   discard           release  the in-flight reference is dropped
 *
 * Invariant     a committed message is decoded or discarded exactly once, so references balance
 */

import { UnknownClassError, UseAfterMoveError } from "../../errors.ts"

/** How the handles of one kind travel. Handle numbers are integers below 2^53; 0 names nothing. */
export interface Kind<T extends object> {
  /** 1 to 65535, the same in every isolate. */
  readonly id: number
  readonly name: string
  /** The number that names the shared object, or 0 when `value` is not of this kind. */
  handleOf(value: object): number
  /** One more in-flight reference. */
  retain(handle: number): void
  /** Adopts one in-flight reference and gives this isolate's object for it. */
  revive(handle: number): T
  /** Drops one in-flight reference. Runs no user code. */
  release(handle: number): void
  /**
   * The handle left by `move`: the local object will not be used again and may give up its claim at
   * once. Without this method the claim ends with the object, when it is collected.
   */
  surrender?(value: T): void
}

const KIND_ID_MAX = 0xffff

const kinds: (Kind<object> | undefined)[] = []

/**
 * Makes a kind known in this isolate. The same kind twice is harmless.
 *
 * @throws {RangeError} when the id is out of range or belongs to another kind
 */
export function registerKind<T extends object>(kind: Kind<T>): void {
  if (!Number.isInteger(kind.id) || kind.id < 1 || kind.id > KIND_ID_MAX) {
    throw new RangeError(`kind id must be an integer from 1 to ${KIND_ID_MAX}, received ${kind.id}`)
  }
  const present = kinds[kind.id]
  if (present !== undefined && present.name !== kind.name) {
    throw new RangeError(`kind id ${kind.id} of ${kind.name} belongs to ${present.name}`)
  }
  // The codec gives a kind only numbers and objects that came from that kind.
  kinds[kind.id] = kind as unknown as Kind<object>
}

/** The kind with this id, if its room is loaded here. */
export function kindById(id: number): Kind<object> | undefined {
  return kinds[id]
}

/**
 * The kind with this id.
 *
 * @throws {UnknownClassError} when the room that registers it is not loaded in this isolate
 */
export function knownKind(id: number): Kind<object> {
  const kind = kinds[id]
  if (kind === undefined) {
    throw new UnknownClassError(
      `kind ${id}`,
      `a handle of kind ${id} arrived, which this isolate does not know: ` +
        'import the module of its room (such as "heddle") where it is received',
    )
  }
  return kind
}

type Show = (value: unknown, options: object) => string

/**
 * Base of every handle class. Deriving from it is what makes an object recognisable in the codec's
 * hot path; a prototype check costs a few nanoseconds and no registry.
 *
 * A handle given away with `move` stays a JavaScript object here, so every public operation of a
 * handle class begins with `assertUsable()`: one field read.
 */
export abstract class Shareable {
  abstract readonly kindId: number
  /** The counters of what it names, if the class has such. */
  statistics?(): object

  #movedAt = ""

  /** @throws {UseAfterMoveError} when this handle was moved away, with the place of the move */
  protected assertUsable(): void {
    if (this.#movedAt !== "") throw new UseAfterMoveError(this.constructor.name, this.#movedAt)
  }

  /** What `console.log` shows: the class and the counters, or why it cannot be used any more. */
  [Symbol.for("nodejs.util.inspect.custom")](_depth: number, options: object, show: Show): string {
    const counters = Shareable.#shown(this, (found) => show(found, options))
    return `${this.label} ${counters}`.trimEnd()
  }

  /** What it is called where it is shown. */
  protected get label(): string {
    return this.constructor.name
  }

  // Static: of a private method each handle would bear a mark.
  static #shown(handle: Shareable, show: (counters: object) => string): string {
    try {
      handle.assertUsable()
      const counters = handle.statistics?.()
      return counters === undefined ? "" : show(counters)
    } catch (failure) {
      return `[${failure instanceof Error ? failure.message : String(failure)}]`
    }
  }

  /** Ends the usefulness of the local object; `place` is the stack line of the move. */
  static markMoved(handle: Shareable, place: string): void {
    handle.#movedAt = place === "" ? "at an unknown place" : place
  }

  /** The place where the handle was moved, or empty while it is usable. */
  static movedAt(handle: Shareable): string {
    return handle.#movedAt
  }
}
