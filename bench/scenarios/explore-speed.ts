/** How many orders of a small program are tried in a second. */
import type { Scenario } from "../harness/scenario.ts"
import { perSecond } from "../harness/units.ts"

export const scenario: Scenario = {
  name: "explore-speed",
  question: "How many schedules a second are explored on one core?",
  unit: perSecond,
  conditions: "two tasks of 20 steps each and their beginnings and ends; processor time",
  warmUp: "3,000 schedules",
  targets: [
    { ours: "atomics, random", must: 10_000 },
    { ours: "atomics, pct", must: 10_000 },
    { ours: "channel, random" },
    { ours: "locks, random" },
  ],
  contenders: {
    "atomics, random": async (context) =>
      (await import("../ours/explore.ts")).measureExplore(context, "20 atomic steps each", {
        strategy: "random",
      }),
    "atomics, pct": async (context) =>
      (await import("../ours/explore.ts")).measureExplore(context, "20 atomic steps each", {
        strategy: "pct",
      }),
    "channel, random": async (context) =>
      (await import("../ours/explore.ts")).measureExplore(context, "20 sends, 20 receives", {
        strategy: "random",
      }),
    "locks, random": async (context) =>
      (await import("../ours/explore.ts")).measureExplore(context, "10 locks and unlocks each", {
        strategy: "random",
      }),
  },
}
