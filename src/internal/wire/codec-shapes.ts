/**
 * Shapes on the way out: the list of an object's keys, found while the object is read.
 *
 * Keys are walked down a tree, one node per key; the node of the last key stands for the whole list
 * and remembers its bytes. A program has few shapes, so nearly every step is one comparison with
 * the child taken last. Objects used as dictionaries would grow the tree without end: new nodes
 * cost budget, hits earn it back, and without budget a node lives only as long as its message.
 */

import { WIDE } from "./codec-strings.ts"

/** Keys of a node deeper than this are never remembered: such an object is a dictionary. */
const DEPTH_MAX = 64
const BUDGET = 2048
/** Nodes in the tree before it is forgotten and begun anew. */
const NODES_MAX = 8192
/** Trees; a power of two. */
const ROOTS = 4
/** Hits that earn one node. */
const HITS_PER_NODE = 16

/** A list of keys, as the way to it. */
export interface ShapeNode {
  readonly parent: ShapeNode | undefined
  readonly key: string
  readonly depth: number
  /** The child taken last, and its key. */
  lastKey: string
  lastChild: ShapeNode | undefined
  children: Map<string, ShapeNode> | undefined
  /** The list as it is written, once it was needed. */
  words: Int32Array | undefined
  /** The message that uses this shape, and its number there. */
  stamp: number
  index: number
}

function newNode(parent: ShapeNode | undefined, key: string): ShapeNode {
  return {
    parent,
    key,
    depth: parent === undefined ? 0 : parent.depth + 1,
    lastKey: "",
    lastChild: undefined,
    children: undefined,
    words: undefined,
    stamp: -1,
    index: 0,
  }
}

function newRoots(): ShapeNode[] {
  return Array.from({ length: ROOTS }, () => newNode(undefined, ""))
}

/** The tree of shapes of one isolate, or rather a few trees, by depth. */
export class ShapeTree {
  #roots: ShapeNode[] = newRoots()
  #budget = BUDGET
  #nodes = 0
  #hits = 0
  #stamp = 0

  /** A number for one message, unique among all encoders of this tree. */
  nextStamp(): number {
    return ++this.#stamp
  }

  /**
   * Where the keys of an object at this depth begin. Objects of one depth mostly have one shape,
   * those around them another: with a root each, the child taken last is the right one more often.
   */
  rootAt(depth: number): ShapeNode {
    return this.#roots[depth & (ROOTS - 1)]
  }

  /** The node for `key` below `node`, when it is not the child taken last. */
  step(node: ShapeNode, key: string): ShapeNode {
    const present = node.children?.get(key)
    if (present !== undefined) {
      node.lastKey = key
      node.lastChild = present
      return present
    }
    const child = newNode(node, key)
    if (this.#budget === 0 || node.depth >= DEPTH_MAX) return child
    this.#budget--
    this.#nodes++
    node.children ??= new Map()
    node.children.set(key, child)
    node.lastKey = key
    node.lastChild = child
    return child
  }

  /** Earns budget: a shape that was known has been used again. */
  hit(): void {
    if (++this.#hits < HITS_PER_NODE) return
    this.#hits = 0
    if (this.#budget < BUDGET) this.#budget++
  }

  /** Between messages: forgets everything when the tree has grown too large. */
  prune(): void {
    if (this.#nodes < NODES_MAX) return
    this.#nodes = 0
    this.#roots = newRoots()
  }
}

/** The words that describe the shape: hash, size, number of keys, keys. */
export function describeShape(node: ShapeNode): Int32Array {
  if (node.words !== undefined) return node.words
  const keys: string[] = []
  for (let at: ShapeNode = node; at.parent !== undefined; at = at.parent) keys.push(at.key)
  keys.reverse()
  const words = [0, 0, keys.length]
  for (const key of keys) writeKey(words, key)
  words[1] = words.length
  words[0] = hashOf(words)
  node.words = Int32Array.from(words)
  return node.words
}

function writeKey(words: number[], key: string): void {
  const wide = WIDE.test(key)
  words.push((key.length << 1) | (wide ? 1 : 0))
  const perWord = wide ? 2 : 4
  for (let i = 0; i < key.length; i += perWord) {
    let word = 0
    for (let j = 0; j < perWord && i + j < key.length; j++) {
      word |= key.charCodeAt(i + j) << (j * (wide ? 16 : 8))
    }
    words.push(word)
  }
}

function hashOf(words: readonly number[]): number {
  let hash = 0x811c9dc5 | 0
  for (let i = 1; i < words.length; i++) {
    hash = Math.imul(hash ^ words[i], 0x01000193)
    hash ^= hash >>> 15
  }
  return hash
}
