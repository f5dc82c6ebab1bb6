/**
 * One contender in a process of its own: `node child.ts <scenario> <label> <size>`.
 * The last line of its output is the sample as JSON.
 */
import { writeSync } from "node:fs"
import { contextOf } from "./measure.ts"
import { isCommand, type Scenario, type Size } from "./scenario.ts"

const [name, label, size] = process.argv.slice(2)
const { scenario }: { scenario: Scenario } = await import(`../scenarios/${name}.ts`)
const contender = scenario.contenders[label]
if (contender === undefined || isCommand(contender)) {
  throw new TypeError(`${name} has no JavaScript contender called ${label}`)
}
const run = typeof contender === "function" ? contender : contender.run
const sample = await run(contextOf(size as Size))
writeSync(1, `\n${JSON.stringify(sample)}\n`)
process.exit(0)
