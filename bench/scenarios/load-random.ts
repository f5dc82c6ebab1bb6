/** Balance of tasks: 0.2 to 2 times the base. */
import { loadScenario } from "../harness/load.ts"
import type { Scenario } from "../harness/scenario.ts"

export const scenario: Scenario = loadScenario("random", "0.2 to 2 times the base")
