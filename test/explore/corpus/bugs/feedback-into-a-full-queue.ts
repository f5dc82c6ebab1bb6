/** Workers put what they find into the queue they take from; when it is full, nobody takes. */
import { type Channel, channel, go, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "deadlock",
  finds: "deadlock",
  source: "the crawler of many Go tutorials with a bounded queue; text and code our own",
}

async function crawl(pages: Channel<number>, words: Int32Array): Promise<void> {
  for await (const depth of pages) {
    if (depth > 0) {
      Atomics.add(words, 0, 2)
      await pages.send(depth - 1)
      await pages.send(depth - 1)
    }
    finish(pages, words)
  }
}

async function crawlApart(pages: Channel<number>, words: Int32Array): Promise<void> {
  const own: number[] = []
  for await (const page of pages) {
    own.push(page)
    for (let depth = own.pop(); depth !== undefined; depth = own.pop()) {
      if (depth > 0) {
        Atomics.add(words, 0, 2)
        for (let i = 0; i < 2; i++) give(pages, own, depth - 1)
      }
      finish(pages, words)
    }
  }
}

function give(pages: Channel<number>, own: number[], depth: number): void {
  if (pages.trySend(depth) === "full") own.push(depth)
}

function finish(pages: Channel<number>, words: Int32Array): void {
  if (Atomics.sub(words, 0, 1) === 1) pages.close()
}

async function two(fn: typeof crawl): Promise<void> {
  const pages = channel<number>(1)
  const words = sharedArray(Int32Array, 1)
  words[0] = 1
  await pages.send(2)
  await Promise.all([go(fn, pages, words), go(fn, pages, words)])
}

export const broken = () => two(crawl)
export const fixed = () => two(crawlApart)
