/**
 * How much of its heap this isolate uses, noted in its page from time to time: when it parks, and
 * when it lets timers go first. Whoever wants to know reads it without waiting for anybody.
 */
import { after } from "#platform/clock"
import { heapBytes } from "#platform/heap"
import { HEAP_SAMPLE_MS } from "#platform/limits"
import { COUNTER, setCounter } from "../memory/counters.ts"
import { here } from "./here.ts"

let sampledAt = -Infinity
let armed = false

/** Notes it now, or a little later when that was done a moment ago; `nowMs` is a `now()`. */
export function sampleHeap(nowMs: number): void {
  if (armed) return
  if (nowMs - sampledAt >= HEAP_SAMPLE_MS) {
    sampledAt = nowMs
    noteHeap()
    return
  }
  armed = true
  const later = (): void => {
    armed = false
    noteHeap()
  }
  after(HEAP_SAMPLE_MS, later, true)
}

/** Notes it now. */
export function noteHeap(): void {
  const at = here()
  setCounter(at.words, at.me, COUNTER.HEAP_KIB, Math.ceil(heapBytes() / 1024))
}
