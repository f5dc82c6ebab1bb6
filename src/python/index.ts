/**
 * Python: a CPython with its own lock in its own isolate.
 *
 * `docs/internals/python.md` is the map of this room. In short: `runtime.ts` starts threads
 * (`thread.ts`), each loads a CPython (`load.ts`) and serves requests that others leave in its row
 * of the `world.ts`; queues (`queue.ts`) lie in Heddle's shared memory; Python sees all that as
 * builtins of a module `_heddle` (`natives-*.ts`), over which `glue/` builds the C modules that the
 * standard library's `concurrent.interpreters` asks for. All waiting is one builtin,
 * `_heddle.wait`, which `threads/` replaces by one that switches between green threads.
 */
export {
  type InterpreterMethods,
  interpreterChild,
  type PythonActorOptions,
  type PythonMethods,
  pythonActor,
  pythonChild,
} from "./actors.ts"
export { type ExecOptions, kwargs } from "./calling.ts"
export type { Interpreter, InterpreterOptions } from "./interpreter.ts"
export { interpreter } from "./open.ts"
export { moduleScript, type Script, type ScriptOptions, script } from "./script.ts"
export { onPreparing } from "./startup/image.ts"
