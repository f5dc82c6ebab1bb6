/** A request that seemed lost is sent again, and done twice. */
import assert from "node:assert/strict"
import { after, type Channel, channel, go, select, sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "timeout",
  finds: "error",
  source: "Tu et al., ASPLOS 2019: timers; Birrell, Nelson: Implementing RPC, 1984",
  options: { timeouts: "any" },
}

type Request = { readonly id: number; readonly reply: Channel<number> }

async function serve(requests: Channel<Request>, words: Int32Array, once: boolean): Promise<void> {
  const seen = new Set<number>()
  for await (const { id, reply } of requests) {
    if (!once || !seen.has(id)) Atomics.add(words, 0, 1)
    seen.add(id)
    reply.trySend(1)
  }
}

async function ask(once: boolean): Promise<void> {
  const requests = channel<Request>(2)
  const reply = channel<number>(2)
  const words = sharedArray(Int32Array, 1)
  const server = go(serve, requests, words, once)
  await requests.send({ id: 1, reply })
  const hit = await select({ reply, late: after(10) })
  if (hit.case === "late") await requests.send({ id: 1, reply })
  requests.close()
  await server
  assert.equal(Atomics.load(words, 0), 1, "done once")
}

export const broken = () => ask(false)
export const fixed = () => ask(true)
