/** An actor is told to stop behind its work: the order to stop goes first. */
import assert from "node:assert/strict"
import { Actor, spawn } from "../../../../src/actor/index.ts"
import { sharedArray } from "../../../../src/index.ts"
import type { About } from "../about.ts"

export const about: About = {
  kind: "order",
  finds: "error",
  source: "Akka documentation: stop against PoisonPill",
}

class Writer extends Actor {
  write(lines: Int32Array): void {
    Atomics.add(lines, 0, 1)
  }
  finish(): void {
    this.self.stop()
  }
}

async function run(inOrder: boolean): Promise<void> {
  const lines = sharedArray(Int32Array, 1)
  const writer = await spawn(Writer)
  await writer.tell.write(lines)
  if (inOrder) await writer.tell.finish()
  else writer.stop()
  await writer.exited
  assert.equal(Atomics.load(lines, 0), 1, "what was told is written")
}

export const broken = () => run(false)
export const fixed = () => run(true)
