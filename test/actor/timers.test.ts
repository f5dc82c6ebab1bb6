/** What actors tell themselves later. */
import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { test } from "node:test"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { Actor, spawn } from "../../src/actor/index.ts"
import { NotSendableError } from "../../src/errors.ts"
import { move } from "../../src/internal/wire/move.ts"
import { errorOf } from "../task/support.ts"

const program = fileURLToPath(new URL("./ticking-program.ts", import.meta.url))

for (const on of ["main", "1"]) {
  test(`on ${on}: timers go on while somebody waits, and keep no program alive`, async () => {
    const args = ["--conditions=source", program, on]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    assert.equal(stdout, "ticks: 3\n")
  })
}

class Timed extends Actor {
  later(what: unknown): void {
    this.after(0, "take", what)
  }
  often(what: unknown): void {
    this.every(1, "take", what)
  }
  take(_what: unknown): void {}
}

test("what cannot be sent later is refused at once", async () => {
  for (const method of ["later", "often"] as const) {
    class Refused extends Timed {
      override onStart(): void {
        this[method]({ call: () => {} })
      }
    }
    const error = await errorOf<NotSendableError>(spawn(Refused, [], { on: "here" }))
    assert.ok(error instanceof NotSendableError)
    assert.equal(error.path, "args[0].call")
  }
})

test("a moved buffer can be told once, not many times", async () => {
  const { promise, resolve } = Promise.withResolvers<number>()
  class Moving extends Timed {
    override take(numbers: Float64Array): void {
      resolve(numbers.reduce((a, b) => a + b, 0))
    }
    moveLater(): void {
      this.later(move(Float64Array.of(1, 2)))
    }
    moveOften(): void {
      this.often(move(Float64Array.of(1, 2)))
    }
  }
  const moving = await spawn(Moving, [], { on: "here" })
  await moving.ask.moveLater()
  assert.equal(await promise, 3)
  const error = await errorOf(moving.ask.moveOften())
  assert.match(`${error}`, /^TypeError: every .* a moved buffer goes once/)
})
