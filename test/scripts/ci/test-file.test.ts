import assert from "node:assert/strict"
import { describe, it } from "node:test"
import { fileURLToPath } from "node:url"
import { TEST } from "../../../scripts/ci/suites.ts"
import { runTestFile } from "../../../scripts/ci/test-file.ts"

const ROOT = fileURLToPath(new URL("../../..", import.meta.url))

async function outcomeOf(name: string, boundMs = TEST.boundMs) {
  const file = `test/scripts/ci/fixtures/${name}.ts`
  const { passed, skipped, failures } = await runTestFile(ROOT, { ...TEST, boundMs }, file)
  return { passed, skipped, titles: failures.map(({ title }) => title), failures }
}

describe("runTestFile", () => {
  it("counts tests, not suites, and skipped ones apart", async () => {
    const { passed, skipped, titles } = await outcomeOf("passes")
    assert.deepEqual({ passed, skipped, titles }, { passed: 2, skipped: 1, titles: [] })
  })

  it("names a failed test with its suite and shows its error, once", async () => {
    const { passed, failures } = await outcomeOf("fails")
    assert.equal(passed, 1)
    assert.equal(failures.length, 1)
    assert.equal(failures[0]?.title, "suite > fails")
    assert.match(failures[0]?.detail, /Error: as it should\n\s+at .*fails\.ts:6/)
  })

  it("ends a file that hangs and names the test", async () => {
    const bounded = (seconds: number) => outcomeOf("hangs", 1_000 * seconds)
    let seconds = 2
    let outcome = await bounded(seconds)
    // The busier the machine is, the later the file comes to the test that hangs.
    while (!outcome.titles.join().endsWith("in: hangs") && seconds < 64) {
      assert.match(outcome.titles.join(), new RegExp(`^did not end within ${seconds} s; it hung `))
      seconds *= 2
      outcome = await bounded(seconds)
    }
    assert.equal(outcome.passed, 1)
    assert.deepEqual(outcome.titles, [`did not end within ${seconds} s; it hung in: hangs`])
  })

  it("counts a crash, silence and a file without tests as failures", async () => {
    assert.match((await outcomeOf("crashes")).titles.join(), /exit code 3/)
    assert.match(
      (await outcomeOf("silent")).titles.join(),
      /ended without a result \(exit code 0\)/,
    )
    assert.equal((await outcomeOf("empty")).titles.length, 1)
    assert.equal((await outcomeOf("missing")).titles.length, 1)
  })

  it("takes nothing that a test prints for a result", async () => {
    const { passed, titles } = await outcomeOf("forged")
    assert.deepEqual({ passed, titles }, { passed: 1, titles: [] })
  })
})
