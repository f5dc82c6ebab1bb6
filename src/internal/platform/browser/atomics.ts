/**
 * Every access to shared memory in a browser: as elsewhere, once the page may have any.
 *
 * This is the ground of all files, so it is here that a page learns what it lacks.
 */
import { NotCrossOriginIsolatedError } from "../../../errors.ts"
import { browser } from "./host.ts"

export * from "../atomics.ts"

if (!browser.crossOriginIsolated) throw new NotCrossOriginIsolatedError()

/** Tells the processor that this thread spins, where the browser can. */
export const pause: () => void = (Atomics as unknown as { pause?: () => void }).pause ?? (() => {})
