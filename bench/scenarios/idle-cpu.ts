/** What a runtime costs that has nothing to do. */
import type { Scenario } from "../harness/scenario.ts"
import { percentOfCore } from "../harness/units.ts"
import { idleCpuContenders } from "../workloads/idle.ts"

export const scenario: Scenario = {
  name: "idle-cpu",
  question: "How much of a core does an idle isolate use?",
  unit: percentOfCore,
  conditions:
    "one worker per core, each has run tasks; then 5 s without any; the process's CPU time",
  warmUp: "100 tasks and half a second of rest",
  targets: [{ ours: "heddle", must: 0.1, aim: 0.02 }],
  contenders: idleCpuContenders,
}
