/** All flavors of channels keep the same contract. */
import { FLAVORS, runCases } from "./flavor.cases.ts"

for (const flavor of FLAVORS) runCases(flavor)
