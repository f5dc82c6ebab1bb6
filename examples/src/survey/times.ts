/** How long two runs took, and how busy the cores were. */
import type { Survey } from "./pipeline.ts"
import { number } from "./report.ts"

/** The run on all isolates beside the run on one. */
export function comparison(onAll: Survey, onOne: Survey): string {
  const ratio = onOne.elapsedMs / onAll.elapsedMs
  const isolates = onAll.shifts.map(({ isolate, files, processorMs }) => {
    const busy = Math.round((processorMs / onAll.elapsedMs) * 100)
    return `  isolate ${isolate}   ${number(files).padStart(7)} files   ${busy} % busy`
  })
  return [
    `On ${onAll.shifts.length} isolates   ${run(onAll)}`,
    ...isolates.sort(),
    `On one isolate  ${run(onOne)}`,
    `Ratio           ${ratio.toFixed(2)} times as fast`,
  ].join("\n")
}

/**
 * V8 collects garbage and compiles on threads of its own: one isolate may use more than one core.
 */
function run({ elapsedMs, processorMs }: Survey): string {
  const cores = (processorMs / elapsedMs).toFixed(2)
  return `${(elapsedMs / 1000).toFixed(2).padStart(6)} s   ${cores} cores busy`
}
