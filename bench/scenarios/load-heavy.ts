/** Balance of tasks: every tenth twenty times the base. */
import { loadScenario } from "../harness/load.ts"
import type { Scenario } from "../harness/scenario.ts"

export const scenario: Scenario = loadScenario("heavy", "a tenth of them 20 times the base")
