/** After the first error the other result is not received any more. */
import { type Channel, channel, go } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "forgotten receive",
  finds: "partial deadlock",
  source: "GOLF micro-benchmarks: early return between two receives",
}

async function load(out: Channel<string>, what: string): Promise<void> {
  await out.send(what)
}

async function both(drains: boolean): Promise<void> {
  const results = channel<string>(0)
  void go(load, results, "error")
  void go(load, results, "page")
  const one = await results.receive()
  if (one === "error" && !drains) return
  await results.receive()
}

export const broken = () => both(false)
export const fixed = () => both(true)
