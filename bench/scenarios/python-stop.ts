/** How soon an endless loop in Python ends when it is told to. */
import type { Scenario } from "../harness/scenario.ts"
import { milliseconds } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "python-stop",
  question: "How long until `while True: pass` has ended, and its caller knows?",
  unit: milliseconds,
  conditions: "from the call in TypeScript to the rejection of what runs",
  warmUp: "200 ms of the loop",
  targets: [
    { ours: "interrupt", must: 10 },
    { ours: "terminate", must: 20 },
  ],
  contenders: {
    interrupt: async () => (await import("../ours/python.ts")).stop("interrupt"),
    terminate: async () => (await import("../ours/python.ts")).stop("terminate"),
  },
}
