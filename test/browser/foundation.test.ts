/** The foundation in a real browser: a page and its threads, over shared memory. */
import assert from "node:assert/strict"
import { it } from "node:test"
import { calling, inPage } from "./in-page.ts"

await inPage("foundation", (at) => {
  it("starts isolates", async () => {
    assert.deepEqual(
      await at.run("begins"),
      [0, 1, 2].map((id) => [id, "running"]),
    )
  })

  it("runs closures, functions of its module and loops in them", async () => {
    assert.deepEqual(await at.run("tasks"), [42, 610, [1, 4, 9, 16], true])
  })

  it("gets what they throw, and cancels them", async () => {
    assert.deepEqual(await at.run("failures"), ["RangeError: no", "ERR_HEDDLE_TASK_CANCELLED"])
  })

  it("sends text as it is", async () => {
    assert.equal(await at.run("texts"), true)
  })

  it("exchanges messages over channels", async () => {
    assert.equal(await at.run("channels"), true)
  })

  it("lets isolates block, and refuses to block itself", async () => {
    assert.deepEqual(await at.run("blocking"), [9900, "ERR_HEDDLE_BLOCKING_NOT_ALLOWED"])
  })

  it("shares locks and memory", async () => {
    assert.equal(await at.run("locks"), 400)
  })

  it("moves buffers there and back", async () => {
    assert.deepEqual(await at.run("moved"), [0, 1 << 20, 7, 8])
  })

  it("has actors", async () => {
    assert.equal(await at.run("actors"), 42)
  })

  it("learns how isolates end, and starts others", async () => {
    const [failed, ...others] = (await at.run("deaths")) as string[]
    assert.match(failed, /uncaught error with code 1: uncaught$/)
    assert.deepEqual(others, ["ERR_HEDDLE_ISOLATE_DIED", "ERR_HEDDLE_TIMEOUT", "another lives"])
  })

  it("says what headers it lacks", async () => {
    const bare = await at.open({ isolated: false })
    await assert.rejects(
      bare.evaluate(calling("begins")),
      /NotCrossOriginIsolatedError: .*Cross-Origin-Opener-Policy: same-origin/,
    )
  })
})
