/** The same seed gives the same schedules and the same text in every process; so does a replay. */
import assert from "node:assert/strict"
import { execFileSync, spawnSync } from "node:child_process"
import { join } from "node:path"
import { test } from "node:test"

const ROOT = join(import.meta.dirname, "../../..")
const FIXTURE = "test/explore/program/fixtures/failing.ts"

/** What a process prints; nothing but its arguments comes from this one. */
function printed(args: readonly string[], more: Readonly<Record<string, string>> = {}): string {
  const env = { PATH: process.env.PATH ?? "", ...more }
  return execFileSync(process.execPath, [...args], { cwd: ROOT, env, encoding: "utf8" })
}

/** All but how many schedules came before. */
function schedule(text: string): string {
  return text.replace(/found in schedule \d+; /, "")
}

for (const how of [
  ["random", "3"],
  ["pct", "5"],
]) {
  test(`${how.join(", seed ")}: two processes print the same, and the command repeats it`, () => {
    const args = ["--conditions=source", FIXTURE, ...how]
    const first = printed(args)
    assert.match(first, /^three jobs: error\n {2}the program throws AssertionError/)
    assert.equal(printed(args, { TZ: "Asia/Tokyo", LANG: "de_DE.UTF-8", FORCE_COLOR: "3" }), first)
    const command = /again: HEDDLE_REPLAY='([^']+)' node (.+)/.exec(first)
    assert.ok(command !== null, first)
    const [, asked = "", line = ""] = command
    const again = printed(line.split(" "), { HEDDLE_REPLAY: asked })
    assert.equal(schedule(again), schedule(first))
    assert.match(again, /found in schedule 1; /)
  })
}

test("a name that nothing has is told of, and all schedules are run", () => {
  const args = ["--conditions=source", FIXTURE, "random", "3"]
  const env = { PATH: process.env.PATH ?? "", HEDDLE_REPLAY: "0@free jobs" }
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, env, encoding: "utf8" })
  assert.equal(stdout, printed(args))
  assert.match(
    stderr,
    /^HEDDLE_REPLAY="0@free jobs" was not followed: .*, which is "three jobs"\n$/,
  )
})
