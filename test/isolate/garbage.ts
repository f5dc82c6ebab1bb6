/** The engine's garbage collector on demand, whatever the flags of the process. */
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

setFlagsFromString("--expose-gc")
const collect = runInNewContext("gc") as () => void

/** Collects all garbage of this isolate. */
export function collectGarbage(): void {
  collect()
}
