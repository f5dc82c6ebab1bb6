import assert from "node:assert/strict"
import { it } from "node:test"
import { Aggregate } from "../../../../examples/src/survey/aggregate.ts"
import type { Survey } from "../../../../examples/src/survey/pipeline.ts"
import { comparison } from "../../../../examples/src/survey/times.ts"

it("sets both runs beside each other, isolates in order", () => {
  const result = new Aggregate().result()
  const onAll: Survey = {
    result,
    elapsedMs: 2_000,
    processorMs: 3_900,
    shifts: [
      { isolate: "2", files: 900, processorMs: 1_500 },
      { isolate: "1", files: 1_100, processorMs: 1_800 },
    ],
    stopped: false,
  }
  const onOne = { ...onAll, elapsedMs: 3_500, processorMs: 4_000, shifts: [] }
  assert.equal(
    comparison(onAll, onOne),
    `On 2 isolates     2.00 s   1.95 cores busy
  isolate 1     1,100 files   90 % busy
  isolate 2       900 files   75 % busy
On one isolate    3.50 s   1.14 cores busy
Ratio           1.75 times as fast`,
  )
})
