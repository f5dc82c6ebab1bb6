/** The engine's heap, as far as a browser tells: Chromium a rounded number, others none. */
import { browser } from "./host.ts"

/** What is said where nothing is known: an isolate that has noted any number is seen as running. */
const UNKNOWN_BYTES = 1024

/** Bytes of this isolate's heap in use. */
export function heapBytes(): number {
  return browser.performance.memory?.usedJSHeapSize ?? UNKNOWN_BYTES
}

/** A browser cannot be asked to collect. */
export function collectGarbage(): void {}
