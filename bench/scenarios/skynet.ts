/** A million tasks in a tree, ten children each, whose leaves give their number. */
import type { Scenario, Size } from "../harness/scenario.ts"
import { seconds } from "../harness/units.ts"

const LEAVES: Record<Size, number> = { full: 1_000_000, quick: 100_000, smoke: 1_000 }

export const scenario: Scenario = {
  name: "skynet",
  question: "How long does a tree of a million leaves take (sum 499999500000)?",
  unit: seconds,
  conditions:
    "heddle and java: fork-join; go and erlang: a goroutine or process per node that sends its sum to " +
    "its parent, which is the heavier form",
  warmUp: "one whole tree",
  targets: [{ ours: "heddle, fork-join", against: "go", must: 2, aim: 5 }],
  contenders: {
    "heddle, fork-join": async (context) => {
      return (await import("../ours/fork-join.ts")).measureSkynet(context, LEAVES[context.size])
    },
    go: { language: "go", workload: "skynet", count: LEAVES },
    erlang: { language: "erlang", workload: "skynet", count: LEAVES },
    "java, fork-join": { language: "java", workload: "skynet", count: LEAVES },
  },
}
