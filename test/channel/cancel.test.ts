/** Operations that are given up at any stage take no value and no wake along. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { type Channel, go, select } from "../../src/index.ts"
import { receiveFickly } from "./channel-functions.ts"
import { FLAVORS } from "./flavor.cases.ts"

/** A small generator: the same seed, the same run. */
function chance(seed: number): (bound: number) => number {
  let state = seed
  return (bound) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return (state >>> 8) % bound
  }
}

type Outcome = { readonly got?: number; readonly sent?: number }

async function settled(promise: Promise<Outcome>): Promise<Outcome> {
  try {
    return await promise
  } catch (error) {
    assert.equal(error, "given up")
    return {}
  }
}

/** Begins a random operation; its abort comes now, later, or never. */
function operate(
  channels: readonly Channel<number>[],
  value: number,
  pick: (bound: number) => number,
): { outcome: Promise<Outcome>; abort: () => void } {
  const one = channels[pick(channels.length)]
  const other = channels[pick(channels.length)]
  const stop = new AbortController()
  const { signal } = stop
  const receives = (): Promise<Outcome> => one.receive({ signal }).then((got) => ({ got }))
  const sends = (): Promise<Outcome> => one.send(value, { signal }).then(() => ({ sent: value }))
  const selects = (): Promise<Outcome> =>
    select({ in: one.receiver, out: other.sending(value) }, { signal }).then((hit) =>
      hit.case === "out" ? { sent: value } : { got: hit.value as number },
    )
  const outcome = settled([receives, sends, selects][pick(3)]?.() as Promise<Outcome>)
  return { outcome, abort: () => stop.abort("given up") }
}

for (const { name, make } of FLAVORS) {
  test(`${name}: random operations given up at random strand nothing`, async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const pick = chance(seed)
      const channels = [make<number>(), make<number>()]
      const running: ReturnType<typeof operate>[] = []
      for (let i = 0; i < 60; i++) {
        running.push(operate(channels, i, pick))
        if (pick(3) === 0) await Promise.resolve()
        if (pick(8) === 0) await new Promise((resolve) => setImmediate(resolve))
        if (pick(2) === 0) running[pick(running.length)]?.abort()
      }
      for (const { abort } of running) abort()
      const outcomes = await Promise.all(running.map(({ outcome }) => outcome))
      const got = outcomes.flatMap((one) => one.got ?? [])
      for (const one of channels) {
        for (let left = one.tryReceive(); left.state === "ok"; left = one.tryReceive()) {
          got.push(left.value)
        }
        const { waitingReceivers, waitingSenders } = one.statistics()
        assert.deepEqual([waitingReceivers, waitingSenders], [0, 0], `seed ${seed}`)
      }
      const sent = outcomes.flatMap((one) => one.sent ?? [])
      assert.deepEqual(got.toSorted(), sent.toSorted(), `seed ${seed}`)
    }
  })

  test(`${name}: fickle receivers in other isolates lose nothing`, async () => {
    const [c, other] = [make<number>(), make<number>()]
    const tasks = [1, 2, 3].map((seed) => go(receiveFickly, c.receiver, other.receiver, seed))
    for (let i = 0; i < 200; i++) await (i % 5 === 0 ? other : c).send(i)
    c.close()
    other.close()
    const got = (await Promise.all(tasks)).flat()
    for (const one of [c, other]) for await (const value of one) got.push(value)
    assert.deepEqual(
      got.toSorted((a, b) => a - b),
      Array.from({ length: 200 }, (_, i) => i),
    )
  })
}
