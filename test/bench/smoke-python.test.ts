/** The scenarios of Python in tiny form: each contender of ours does its work. */
import { loadScenarios } from "../../bench/run.ts"
import { smoke } from "./smoke.ts"

smoke((await loadScenarios([])).filter(({ name }) => name.startsWith("python-")))
