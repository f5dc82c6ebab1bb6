import assert from "node:assert/strict"
import { test } from "node:test"
import { type ActorRef, actor, spawn } from "heddle"
import { Block } from "../../../bench/savina/programs/apsp.ts"

type Report = ConstructorParameters<typeof Block>[4]

const sizes = { nodes: 2, block: 1, weightMax: 9 }

/** Notes of which steps it hears. */
class Neighbour extends Block {
  static {
    actor(import.meta.url, "Neighbour", Neighbour)
  }
  readonly heard: number[] = []
  override result(k: number): void {
    this.heard.push(k)
  }
  all(): readonly number[] {
    return this.heard
  }
}

test("a block that hears of others before it is told to begin leaves no step out", async () => {
  const report = (await spawn(() => {}, [], { on: "here" })) as unknown as Report
  const values = Int32Array.of(1)
  const block = await spawn(Block, [0, 0, sizes, values, report], { on: "here" })
  const near = await spawn(Neighbour, [0, 1, sizes, values, report], { on: "here" })
  await block.ask.connect([near as unknown as ActorRef<Block>])
  await block.ask.result(0, 0, 1, values)
  await block.ask.begin()
  assert.deepEqual(await near.ask.all(), [0, 1])
  for (const ref of [block, near]) {
    ref.stop()
    await ref.exited
  }
})
