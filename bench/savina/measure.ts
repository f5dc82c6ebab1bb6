/** One program in a process of its own: runs it a few times, and says how long each run took. */
import { writeSync } from "node:fs"
import { start } from "heddle"
import { nanoseconds } from "../harness/measure.ts"
import { Stage } from "./kit.ts"
import { loadProgram } from "./programs.ts"

const [name = "", isolates, size, runs] = process.argv.slice(2)
const program = await loadProgram(name)
await start({ isolates: Number(isolates), memoryBytes: 4 * 2 ** 30 })
const seconds: number[] = []
for (let run = 0; run < Number(runs); run++) {
  const begin = nanoseconds()
  await new Stage().run(program, size === "small" ? program.small : program.suite)
  seconds.push((nanoseconds() - begin) / 1e9)
}
writeSync(1, `\n${JSON.stringify(seconds)}\n`)
process.exit(0)
