/**
 * What a fork costs that nobody takes, and what taking gives.
 * `node --conditions=source bench/micro/join.ts [isolates] [fib | skynet]`
 */
import { isMainThread } from "node:worker_threads"
import { go, parallel, start, task } from "heddle"

const url = import.meta.url

export const fib = task(url, "fib", (n: number): number => {
  if (n < 2) return n
  const [a, b] = parallel.join(fib, n - 1, fib, n - 2)
  return a + b
})

export const sumLeaves = task(url, "sumLeaves", (from: number, to: number): number => {
  if (to - from === 1) return from
  const middle = (from + to) >>> 1
  const [left, right] = parallel.join(sumLeaves, from, middle, sumLeaves, middle, to)
  return left + right
})

function plainFib(n: number): number {
  return n < 2 ? n : plainFib(n - 1) + plainFib(n - 2)
}

const WORK: Readonly<Record<string, () => number>> = {
  plain: () => plainFib(36),
  fib: () => fib(36),
  skynet: () => sumLeaves(0, 1_000_000),
}

export const timed = task(url, "timed", (name: string): number => {
  const begin = performance.now()
  WORK[name]()
  return performance.now() - begin
})

if (isMainThread) {
  await start({ isolates: Number(process.argv[2] ?? 1) })
  const name = process.argv[3] ?? "fib"
  for (let i = 0; i < 5; i++) {
    const plain = await go(timed, "plain")
    const joined = await go(timed, name)
    const ratio = (joined / plain).toFixed(2)
    console.log(`${name} ${joined.toFixed(1)} ms, plain fib ${plain.toFixed(1)} ms: ${ratio}`)
  }
}
