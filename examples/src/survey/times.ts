/** How long two runs took, and how busy each core was in the first. */
import type { Survey } from "./pipeline.ts"
import { number } from "./report.ts"

/** The run on all isolates beside the run on one. */
export function comparison(onAll: Survey, onOne: Survey): string {
  const ratio = onOne.elapsedMs / onAll.elapsedMs
  const width = Math.max(...onAll.shifts.map(({ isolate }) => isolate.length))
  const rows = onAll.shifts.map(({ isolate, files, processorMs }) => {
    const busy = Math.round((processorMs / onAll.elapsedMs) * 100)
    return `  isolate ${isolate.padEnd(width)}  ${number(files).padStart(7)} files  ${busy} % busy`
  })
  return [
    `On ${onAll.shifts.length} isolates  ${seconds(onAll.elapsedMs)}`,
    ...rows,
    `On one isolate ${seconds(onOne.elapsedMs)}`,
    `Ratio          ${ratio.toFixed(2)} times as fast`,
  ].join("\n")
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2).padStart(6)} s`
}
