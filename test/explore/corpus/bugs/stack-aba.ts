/** A pop compares the head only: it was popped, and pushed again, with another node below it. */
import assert from "node:assert/strict"
import { go, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "atomicity",
  finds: "error",
  source: "Treiber's stack without a tag; IBM System/370 Principles of Operation, 1983",
}

// Word 0: the head, in the low byte, and its tag. Words 1 to 3: the node below; 0 is none.
function pop(words: Int32Array, tagged: boolean): number {
  for (;;) {
    const head = Atomics.load(words, 0)
    const node = head & 255
    if (node === 0) return 0
    const below = Atomics.load(words, node)
    const next = below | (tagged ? (head & ~255) + 256 : 0)
    if (Atomics.compareExchange(words, 0, head, next) === head) return node
  }
}

function push(words: Int32Array, node: number, tagged: boolean): void {
  for (;;) {
    const head = Atomics.load(words, 0)
    Atomics.store(words, node, head & 255)
    const next = node | (tagged ? (head & ~255) + 256 : 0)
    if (Atomics.compareExchange(words, 0, head, next) === head) return
  }
}

function popTwoPushFirst(words: Int32Array, tagged: boolean): number[] {
  const first = pop(words, tagged)
  const second = pop(words, tagged)
  if (first === 0) return []
  push(words, first, tagged)
  return second === 0 ? [] : [second]
}

function popTwo(words: Int32Array, tagged: boolean): number[] {
  return [pop(words, tagged), pop(words, tagged)].filter((node) => node !== 0)
}

async function stack(tagged: boolean): Promise<void> {
  const words = sharedArray(Int32Array, 4)
  words[0] = 1
  words[1] = 2
  const one = go(popTwo, words, tagged)
  const other = go(popTwoPushFirst, words, tagged)
  const owned = [...(await one), ...(await other)]
  assert.equal(new Set(owned).size, owned.length, `owned twice: ${owned}`)
}

export const broken = () => stack(false)
export const fixed = () => stack(true)
