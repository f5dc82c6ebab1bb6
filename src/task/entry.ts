/** What every isolate loads: from here on it takes part in running tasks. */
import { helpOthers } from "./worker.ts"

helpOthers()
