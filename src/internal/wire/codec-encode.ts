/**
 * From a value to words: one pass, no allocation for plain data.
 *
 * Every writer takes a word position and gives the position after what it wrote, or -1 when that
 * would pass the limit. What is not a string, number, plain object or array is written by
 * `codec-exotic.ts`, which gets the encoder and calls back into it.
 *
 * Invariant     nothing outside [start, limit) is touched; nothing but bytes changes before commit
 */

import type { Memory } from "../memory/memory.ts"
import { writeExotic } from "./codec-exotic.ts"
import { Freight } from "./codec-freight.ts"
import { Identities } from "./codec-identity.ts"
import { keyStep, located, notSendable, Refusal, refusePrimitive } from "./codec-refusal.ts"
import { describeShape, type ShapeNode, type ShapeTree } from "./codec-shapes.ts"
import type { Strings } from "./codec-strings.ts"
import * as tag from "./codec-tags.ts"
import { someShared, writeIfShared } from "./shared-values.ts"

/** Containers inside containers before contents come later; keeps both sides' stacks small. */
const DEPTH_MAX = 200
/** Levels where contents cannot come later: chains of causes, instances within instances. */
const SOLID_DEPTH_MAX = 500
/** Missing elements in a row that turn the rest of an array into pairs. */
const HOLES_MAX = 1024

const hasOwn = Object.prototype.hasOwnProperty

/**
 * Writes one message after the other. Not reentrant: `busy` says that a message is being written.
 */
export class Encoder {
  readonly words: Int32Array
  readonly view: DataView
  readonly bytes: Uint8Array
  readonly strings: Strings
  readonly freight: Freight
  readonly #shapes: ShapeTree
  busy = false
  limit = 0
  /** Instances whose data is being written: a reference to one of them cannot be kept. */
  readonly building: object[] = []
  #flags = 0
  #depth = 0
  #stamp = 0
  /** Shapes of this message. Kept between messages: only the count begins anew. */
  readonly #used: ShapeNode[] = []
  #usedCount = 0
  readonly #identities = new Identities()
  #later: object[] = []

  constructor(memory: Memory, strings: Strings, shapes: ShapeTree) {
    this.words = memory.words
    this.view = memory.view
    this.bytes = memory.bytes
    this.strings = strings
    this.freight = new Freight(memory)
    this.#shapes = shapes
  }

  /** Writes `value` from word `start`; gives the word after the message, or -1. */
  encode(value: unknown, start: number, limit: number, root: string): number {
    this.busy = true
    this.#begin()
    this.limit = limit
    try {
      const end = start + tag.HEADER_WORDS > limit ? -1 : this.#message(value, start)
      if (end < 0) this.freight.clear()
      return end
    } catch (thrown) {
      this.freight.clear()
      throw notSendable(thrown, root)
    } finally {
      this.#end()
    }
  }

  #message(value: unknown, start: number): number {
    let at = this.value(value, start + tag.HEADER_WORDS)
    if (at >= 0 && this.#later.length > 0) at = this.#writeLater(at)
    return at < 0 ? -1 : this.#finish(start, at)
  }

  #begin(): void {
    this.freight.clear()
    this.#shapes.prune()
    this.#stamp = this.#shapes.nextStamp()
    this.#flags = 0
    this.#depth = 0
    this.#usedCount = 0
  }

  /** Lets go of every object met, so that the codec keeps nothing alive. */
  #end(): void {
    this.busy = false
    this.#identities.clear()
    if (this.building.length > 0) this.building.length = 0
    if (this.#later.length > 0) this.#later = []
  }

  /** Writes any value. */
  value(value: unknown, at: number): number {
    switch (typeof value) {
      case "string":
        return this.strings.write(value, at, this.limit)
      case "number":
        return this.#number(value, at)
      case "object":
        return value === null ? this.word(tag.NULL, at) : this.object(value, at)
      case "boolean":
        return this.word(value ? tag.TRUE : tag.FALSE, at)
      case "undefined":
        return this.word(tag.UNDEFINED, at)
      case "bigint":
        return this.#bigint(value, at)
      default:
        throw refusePrimitive(value)
    }
  }

  /** Writes one word. */
  word(word: number, at: number): number {
    if (at >= this.limit) return -1
    this.words[at] = word
    return at + 1
  }

  #number(value: number, at: number): number {
    const integer = value | 0
    if (integer !== value || (integer === 0 && 1 / value < 0)) {
      if (at + 3 > this.limit) return -1
      this.words[at] = tag.DOUBLE
      this.view.setFloat64((at + 1) * 4, value, true)
      return at + 3
    }
    if ((integer << 8) >> 8 === integer) return this.word(tag.INT24 | (integer << 8), at)
    if (at + 2 > this.limit) return -1
    this.words[at] = tag.INT32
    this.words[at + 1] = integer
    return at + 2
  }

  /** Writes a number that is not a value of its own: sizes and offsets. */
  size(value: number, at: number): number {
    if (at + 2 > this.limit) return -1
    this.view.setFloat64(at * 4, value, true)
    return at + 2
  }

  #bigint(value: bigint, at: number): number {
    if (BigInt.asIntN(64, value) === value) {
      if (at + 3 > this.limit) return -1
      this.words[at] = tag.BIGINT64
      this.view.setBigInt64((at + 1) * 4, value, true)
      return at + 3
    }
    const negative = value < 0n
    const next = this.word(tag.BIGINT | (negative ? 1 << 8 : 0), at)
    if (next < 0) return -1
    return this.strings.write((negative ? -value : value).toString(16), next, this.limit)
  }

  /** Writes an object, or where it appeared before. */
  object(value: object, at: number): number {
    const number = this.#identities.numberOf(value)
    if (number >= 0) return this.#reference(value, number, at)
    if (someShared) {
      const next = writeIfShared(this, value, at)
      if (next !== undefined) return next
    }
    const prototype = Reflect.getPrototypeOf(value)
    if (prototype === Object.prototype) return this.plain(value, tag.OBJECT, at)
    if (Array.isArray(value)) {
      if (prototype === Array.prototype) return this.array(value, at)
    } else if (prototype === null) return this.plain(value, tag.OBJECT_NULL, at)
    return writeExotic(this, value, prototype, at)
  }

  #reference(value: object, number: number, at: number): number {
    if (this.building.includes(value)) {
      throw new Refusal("refers to an instance of a registered class from within its own data")
    }
    this.#flags |= tag.NUMBERED
    if (number <= tag.PAYLOAD_MAX) return this.word(tag.REFERENCE | (number << 8), at)
    throw new Refusal(`is one of more than ${tag.PAYLOAD_MAX} objects of which some appear twice`)
  }

  /** Writes the shape and values of a plain object. */
  plain(value: object, kind: number, at: number): number {
    if (this.#depth >= DEPTH_MAX && this.#mayPostpone()) return this.postpone(value, kind, 0, at)
    if (at >= this.limit) return -1
    this.#depth++
    const record = value as Record<string, unknown>
    const shapes = this.#shapes
    let node = shapes.rootAt(this.#depth)
    let next = at + 1
    let key = ""
    try {
      for (key in record) {
        if (!hasOwn.call(record, key)) continue
        next = this.value(record[key], next)
        if (next < 0) return -1
        node = (node.lastKey === key ? node.lastChild : undefined) ?? shapes.step(node, key)
      }
    } catch (thrown) {
      throw located(thrown, keyStep(key))
    }
    this.#depth--
    const index = node.stamp === this.#stamp ? node.index : this.#use(node)
    this.words[at] = kind | (index << 8)
    return next
  }

  /** Gives a shape its number in this message. */
  #use(node: ShapeNode): number {
    const index = this.#usedCount++
    if (index > tag.PAYLOAD_MAX) throw new Refusal("holds too many objects with different keys")
    if (node.words !== undefined) this.#shapes.hit()
    node.stamp = this.#stamp
    node.index = index
    this.#used[index] = node
    return index
  }

  /** Writes an array's length and elements, and named properties when it is a match of a RegExp. */
  array(value: readonly unknown[], at: number): number {
    const length = value.length
    if (this.#depth >= DEPTH_MAX && this.#mayPostpone()) {
      return this.postpone(value, tag.ARRAY, length, at)
    }
    if (at + 2 > this.limit) return -1
    this.#depth++
    this.words[at] = tag.ARRAY
    this.words[at + 1] = length
    let next = at + 2
    let i = 0
    try {
      for (; i < length; i++) {
        const element = value[i]
        if (element === undefined && !hasOwn.call(value, i)) {
          const end = endOfHoles(value, i)
          if (end - i === HOLES_MAX) break
          next = this.word(tag.HOLES | ((end - i) << 8), next)
          i = end - 1
        } else {
          next = this.value(element, next)
        }
        if (next < 0) return -1
      }
    } catch (thrown) {
      throw located(thrown, `[${i}]`)
    }
    if (i < length) next = this.#sparse(value, i, next)
    this.#depth--
    if (next >= 0 && isMatch(value)) return this.#matchFields(value, at, next)
    return next
  }

  /** Writes what there is of an array from index `from` on, as pairs. */
  #sparse(value: readonly unknown[], from: number, at: number): number {
    const indices = Object.keys(value)
      .map(Number)
      .filter((index) => index >= from && index < value.length && Number.isInteger(index))
    let next = this.word(tag.SPARSE, at)
    if (next >= 0) next = this.word(indices.length, next)
    for (const index of indices) {
      if (next >= 0) next = this.word(index, next)
      if (next >= 0) next = this.at(`[${index}]`, value[index], next)
    }
    return next
  }

  #matchFields(value: readonly unknown[], at: number, end: number): number {
    this.words[at] = tag.ARRAY_FIELDS
    const record = value as unknown as Record<string, unknown>
    const names = ["index", "input", "groups", "indices"].filter((name) => hasOwn.call(value, name))
    let next = this.word(names.length, end)
    for (const name of names) {
      if (next >= 0) next = this.strings.write(name, next, this.limit)
      if (next >= 0) next = this.at(`.${name}`, record[name], next)
    }
    return next
  }

  /** Writes a value; a refusal inside it names `step`. */
  at(step: string, value: unknown, at: number): number {
    try {
      return this.value(value, at)
    } catch (thrown) {
      throw located(thrown, step)
    }
  }

  /** Writes only what container this is; what it contains follows after the body. */
  postpone(value: object, kind: number, length: number, at: number): number {
    this.#flags |= tag.NUMBERED
    this.#later.push(value)
    const next = this.word(tag.LATER | (kind << 8), at)
    return next >= 0 && kind === tag.ARRAY ? this.word(length, next) : next
  }

  /**
   * Whether contents may come later here: not inside the data of an instance, which must be whole
   * when its class makes the instance again.
   */
  #mayPostpone(): boolean {
    if (this.building.length === 0) return true
    if (this.#depth >= SOLID_DEPTH_MAX) throw tooDeep()
    return false
  }

  /** Goes one level deeper for a map or set; false when its contents shall come later. */
  enter(): boolean {
    if (this.#depth >= DEPTH_MAX && this.#mayPostpone()) return false
    this.#depth++
    return true
  }

  /** Goes one level deeper for something that is written whole. */
  enterSolid(): void {
    if (++this.#depth > SOLID_DEPTH_MAX) throw tooDeep()
  }

  /** Comes back from `enter` or `enterSolid`. */
  leave(): void {
    this.#depth--
  }

  /** Writes postponed contents, which may postpone more. */
  #writeLater(at: number): number {
    const later = this.#later
    let next = at
    for (let i = 0; i < later.length && next >= 0; i++) {
      const value = later[i]
      this.#depth = 0
      try {
        next = this.#contents(value, next)
      } catch (thrown) {
        throw located(thrown, `…(${DEPTH_MAX} levels or more)…`)
      }
    }
    return next
  }

  #contents(value: object, at: number): number {
    const prototype = Reflect.getPrototypeOf(value)
    if (Array.isArray(value)) return this.array(value, at)
    if (prototype === null) return this.plain(value, tag.OBJECT_NULL, at)
    if (prototype === Object.prototype) return this.plain(value, tag.OBJECT, at)
    return writeExotic(this, value, prototype, at)
  }

  /** Writes the tail and the header. */
  #finish(start: number, at: number): number {
    const used = this.#used
    const words = this.words
    let flags = this.#flags
    let next = at
    if (this.freight.count > 0) {
      flags |= tag.FREIGHT
      next = this.freight.write(start, next, this.limit)
      if (next < 0) return -1
    }
    const count = this.#usedCount
    for (let i = 0; i < count; i++) {
      const node = used[i]
      const shape = node.words ?? describeShape(node)
      const length = shape.length
      if (next + length > this.limit) return -1
      for (let j = 0; j < length; j++) words[next + j] = shape[j]
      next += length
    }
    words[start] = flags | (count << 8)
    words[start + 1] = at - start
    return next
  }
}

/** Results of `RegExp.exec` are the arrays with named properties that programs really send. */
function isMatch(value: readonly unknown[]): boolean {
  return (value as { index?: unknown }).index !== undefined && hasOwn.call(value, "index")
}

/** The index after the holes that begin at `from`, or `from + HOLES_MAX` when there are so many. */
function endOfHoles(value: readonly unknown[], from: number): number {
  const most = Math.min(value.length, from + HOLES_MAX)
  let end = from + 1
  while (end < most && !hasOwn.call(value, end)) end++
  return end
}

function tooDeep(): Refusal {
  return new Refusal(
    `is nested more than ${SOLID_DEPTH_MAX} levels deep in errors or class instances`,
  )
}
