/** Balance of tasks: all alike. */
import { loadScenario } from "../harness/load.ts"
import type { Scenario } from "../harness/scenario.ts"

export const scenario: Scenario = loadScenario("flat", "all of the same size")
