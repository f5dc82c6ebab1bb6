/**
 * Values as bytes in shared memory: written by one isolate, read by any.
 *
 * Structured-clone semantics and more: registered classes and Heddle's errors keep their class,
 * handles are passed by reference, marked buffers are moved. A message is self-contained: it can be
 * read by an isolate that has never met its sender, and after its sender's death.
 *
 * Publication   plain words; whoever passes the offset on publishes them with an atomic store
 * Ownership     encode changes nothing but bytes; commit makes the message own its freight;
 *               decode or discard, once, ends that
 */

import type { Memory } from "../memory/memory.ts"
import { Decoder } from "./codec-decode.ts"
import { Encoder } from "./codec-encode.ts"
import {
  type Freight,
  freightArrived,
  freightAt,
  freightPending,
  hasFreight,
  hasParcel,
  releaseFreight,
  retainFreight,
} from "./codec-freight.ts"
import { LayoutCache } from "./codec-layouts.ts"
import { ShapeTree } from "./codec-shapes.ts"
import { Strings } from "./codec-strings.ts"
import { FREIGHT } from "./codec-tags.ts"

/**
 * Encodes and decodes for one isolate; reentrant, since getters and registered classes are user
 * code.
 */
export class Codec {
  readonly #memory: Memory
  readonly #strings: Strings
  readonly #shapes = new ShapeTree()
  readonly #layouts = new LayoutCache()
  readonly #encoder: Encoder
  readonly #decoder: Decoder
  #outgoing: Freight
  #start = 0

  constructor(memory: Memory) {
    this.#memory = memory
    this.#strings = new Strings(memory)
    this.#encoder = this.#newEncoder()
    this.#decoder = this.#newDecoder()
    this.#outgoing = this.#encoder.freight
  }

  /**
   * Writes `value` into bytes [start, limit); `start` is a multiple of 8. Gives the end offset, a
   * multiple of 4, or -1 when it does not fit: then nothing happened, and the caller tries again
   * with a larger region. Getters and `encode` functions run once per try.
   *
   * @throws {NotSendableError} naming the path from `root` to what cannot be sent
   */
  encode(value: unknown, start: number, limit: number, root = "value"): number {
    const encoder = this.#encoder.busy ? this.#newEncoder() : this.#encoder
    const end = encoder.encode(value, wordOf(start), wordOf(limit), root)
    if (end < 0) return -1
    this.#outgoing = encoder.freight
    this.#start = start
    return end * 4
  }

  /**
   * Makes the effects of the last successful encode real: references of handles are retained, moved
   * buffers are shipped. Called once the message will certainly be sent, before it is published,
   * and when it is where it will be read: `start` says where, if it was copied since it was
   * encoded.
   */
  commit(start: number = this.#start): void {
    if (this.#outgoing.count > 0) this.#outgoing.commit(wordOf(start))
  }

  /** Whether committing the last successful encode takes something from the sender. */
  get moves(): boolean {
    return this.#outgoing.moves
  }

  /** Whether the last successful encode named handles or buffers. */
  get carries(): boolean {
    return this.#outgoing.count > 0
  }

  /** Whether something that the message at `start` names has not arrived in this isolate yet. */
  pending(start: number): boolean {
    return (
      (this.#memory.words[wordOf(start)] & FREIGHT) !== 0 &&
      freightPending(this.#memory, wordOf(start))
    )
  }

  /** Resolves when `decode(start)` may be called. */
  arrived(start: number): Promise<void> {
    return freightArrived(this.#memory, wordOf(start))
  }

  /**
   * The value of the message at `start`. The message's references become this isolate's; when it
   * cannot be decoded they are released.
   *
   * @throws {UnknownClassError} when the message needs a class or kind that is not loaded here
   */
  decode(start: number): unknown {
    const decoder = this.#decoder.busy ? this.#newDecoder() : this.#decoder
    return decoder.decode(wordOf(start))
  }

  /**
   * The value of a message that stays for others, with references of its own. It was committed; a
   * buffer that was moved with it is there for one of them alone, see `isForAll`.
   */
  decodeCopy(start: number): unknown {
    retainFreight(this.#memory, wordOf(start))
    return this.decode(start)
  }

  /** Whether a message may be decoded more than once: it holds no moved buffer. */
  isForAll(start: number): boolean {
    return !hasParcel(this.#memory, wordOf(start))
  }

  /** Whether the message at `start` names handles or buffers, which decoding or discarding ends. */
  hasFreight(start: number): boolean {
    return hasFreight(this.#memory, wordOf(start))
  }

  /** Ends a message that nobody will decode. Runs no user code. */
  discard(start: number): void {
    const table = freightAt(this.#memory, wordOf(start))
    if (table !== 0) releaseFreight(this.#memory, table, 0)
  }

  #newEncoder(): Encoder {
    return new Encoder(this.#memory, this.#strings, this.#shapes)
  }

  #newDecoder(): Decoder {
    return new Decoder(this.#memory, this.#strings, this.#layouts)
  }
}

/** The word at a byte offset; offsets reach beyond 32 bits, words do not. */
function wordOf(byte: number): number {
  return (byte / 4) | 0
}
