/**
 * The first file of every thread: what the engine compiles from here on it keeps on disk.
 *
 * The runtime is half a megabyte of text, and every thread compiles it anew; finding it compiled
 * saves a third of a thread's start and two megabytes. The files lie in the folder that Node uses
 * for this (`NODE_COMPILE_CACHE`, else in the temporary folder); `NODE_DISABLE_COMPILE_CACHE=1`
 * forbids it. Measuring coverage does too: it would be less exact.
 */
import { enableCompileCache } from "node:module"
import { workerData } from "node:worker_threads"

if (process.env.NODE_V8_COVERAGE === undefined) enableCompileCache()
await import((workerData as { readonly entry: string }).entry)
