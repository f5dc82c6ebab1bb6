/** Timers as receivers. */
import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { test } from "node:test"
import { after, ChannelClosedError, channel, every, never, select } from "../../src/index.ts"

test("after gives one value, then it is closed", async () => {
  assert.deepEqual(after(3_600_000).tryReceive(), { state: "empty" })
  const timer = after(5)
  assert.ok((await timer.receive()) >= 5)
  assert.deepEqual(timer.tryReceive(), { state: "closed" })
  await assert.rejects(timer.receive(), ChannelClosedError)
  const values: number[] = []
  for await (const value of after(0)) values.push(value)
  assert.equal(values.length, 1)
})

test("every counts its ticks and skips what nobody received", async () => {
  const ticks: number[] = []
  for await (const tick of every(2)) {
    ticks.push(tick)
    if (ticks.length === 2) await after(9).receive()
    if (ticks.length === 4) break
  }
  assert.ok(ticks.every((tick, i) => i === 0 || tick > ticks[i - 1]))
  assert.ok(ticks[2] > ticks[1] + 1, `a gap: ${ticks}`)
})

test("an aborted wait stops the timer", async () => {
  const stop = new AbortController()
  const waiting = assert.rejects(after(60_000).receive({ signal: stop.signal }), { message: "no" })
  stop.abort(new Error("no"))
  await waiting
})

test("never is never ready", () => {
  assert.deepEqual(never().tryReceive(), { state: "empty" })
  assert.equal(select.try({ never: never() }), undefined)
})

test("wrong times are refused", () => {
  assert.throws(() => after(-1), RangeError)
  assert.throws(() => after(Number.NaN), RangeError)
  assert.throws(() => every(0), RangeError)
})

test("a select that was decided leaves no timer behind, and the program ends", () => {
  const entry = new URL("../../src/index.ts", import.meta.url)
  const program = `
    import { after, channel, every, never, select } from ${JSON.stringify(entry.href)}
    const c = channel(1)
    await c.send(1)
    const waiting = select({ c: c.receiver, late: after(3_600_000), tick: every(3_600_000) })
    console.log((await waiting).case)
    const other = select({ c: c.receiver, late: after(3_600_000), never: never() })
    await c.send(2)
    console.log((await other).case)`
  const begun = performance.now()
  const flags = ["--conditions=source", "--input-type=module-typescript", "--eval", program]
  assert.equal(execFileSync(process.execPath, flags, { encoding: "utf8" }), "c\nc\n")
  assert.ok(performance.now() - begun < 3_600_000)
})

test("timers in a select with channels of every kind", async () => {
  for (const capacity of [0, 1]) {
    const c = channel<number>(capacity)
    const late = await select({ c: c.receiver, late: after(3) })
    assert.equal(late.case, "late")
    assert.equal(c.statistics().waitingReceivers, 0)
  }
})
