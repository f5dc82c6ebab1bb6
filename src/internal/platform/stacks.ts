/**
 * The stacks on which WebAssembly is suspended and resumed.
 *
 * The engine gives each such stack the smaller of two sizes, both the whole process's, and takes
 * them when it makes a stack. The stacks of threads that run already stay as they are, and the
 * host sets those of new ones itself.
 */
import { setFlagsFromString } from "node:v8"

/**
 * Threads that start from here on can switch stacks: Nodes before 24.20 have that only behind a
 * flag of the engine, which a context reads when it is made.
 */
export function allowSwitchedStacks(): void {
  const engine = Reflect.get(globalThis, "WebAssembly") as object | undefined
  if (engine === undefined || Reflect.has(engine, "Suspending")) return
  setFlagsFromString("--experimental-wasm-jspi")
}

/** A little less than the smallest stack that the host gives a thread. */
const STACK_KB = 3_900

/** Gives switched stacks the size of a thread's, from now on; address space, used when needed. */
export function enlargeSwitchedStacks(): void {
  setFlagsFromString(`--stack-size=${STACK_KB}`)
  setFlagsFromString(`--wasm-stack-switching-stack-size=${STACK_KB}`)
}
