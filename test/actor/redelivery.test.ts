/** The message in hand when an isolate dies: dropped, its asker told, or delivered again. */
import assert from "node:assert/strict"
import { test } from "node:test"
import { child, supervise } from "../../src/actor/index.ts"
import { IsolateDiedError } from "../../src/errors.ts"
import { sharedArray, start } from "../../src/isolate/index.ts"
import { errorOf, reached } from "../task/support.ts"
import { Mortal, type Way } from "./mortals.ts"

await start({ isolates: 2, heapMb: 256 })

const REASONS: Readonly<Record<Way, string>> = {
  exit: "exited",
  heap: "out-of-memory",
  loop: "killed",
  uncaught: "failed",
}

for (const way of ["exit", "heap", "loop", "uncaught"] as const) {
  for (const whenDies of ["drop", "redeliver"] as const) {
    test(`${way}: the message in hand, ${whenDies}`, async () => {
      const told = sharedArray(Int32Array, 4)
      const options = { id: "mortal", whenDies, shutdownMs: "brutal" } as const
      await using tree = await supervise({ children: [child(Mortal, [told], options)] })
      const mortal = tree.child("mortal")
      const inHand = mortal.ask.end(way)
      const outcome = errorOf<IsolateDiedError>(inHand)
      outcome.catch(() => {})
      const waiting = [1, 2, 3].map((n) => mortal.ask.note(n))
      await reached(told, 1, 1)
      if (way === "loop") mortal.kill()
      if (whenDies === "drop") {
        const error = await outcome
        assert.ok(error instanceof IsolateDiedError, String(error))
        assert.equal(error.reason, REASONS[way])
      } else assert.equal(await inHand, "survived")
      assert.deepEqual(await Promise.all(waiting), [[1], [1, 2], [1, 2, 3]])
      assert.equal(told[1], whenDies === "drop" ? 1 : 2)
      assert.equal(mortal.statistics().restarts, 1)
    })
  }
}
