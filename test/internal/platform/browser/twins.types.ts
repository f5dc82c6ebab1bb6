/** Each platform file has a twin for browsers with the same types: to the rooms they are one. */

import type * as realAtomics from "../../../../src/internal/platform/atomics.ts"
import type * as atomics from "../../../../src/internal/platform/browser/atomics.ts"
import type * as bytes from "../../../../src/internal/platform/browser/bytes.ts"
import type * as cache from "../../../../src/internal/platform/browser/cache.ts"
import type * as clock from "../../../../src/internal/platform/browser/clock.ts"
import type * as context from "../../../../src/internal/platform/browser/context.ts"
import type * as heap from "../../../../src/internal/platform/browser/heap.ts"
import type * as limits from "../../../../src/internal/platform/browser/limits.ts"
import type * as module from "../../../../src/internal/platform/browser/module.ts"
import type * as output from "../../../../src/internal/platform/browser/output.ts"
import type * as packages from "../../../../src/internal/platform/browser/packages.ts"
import type * as park from "../../../../src/internal/platform/browser/park.ts"
import type * as random from "../../../../src/internal/platform/browser/random.ts"
import type * as simulation from "../../../../src/internal/platform/browser/simulation.ts"
import type * as stacks from "../../../../src/internal/platform/browser/stacks.ts"
import type * as stdio from "../../../../src/internal/platform/browser/stdio.ts"
import type * as temporary from "../../../../src/internal/platform/browser/temporary.ts"
import type * as thread from "../../../../src/internal/platform/browser/thread.ts"
import type * as realBytes from "../../../../src/internal/platform/bytes.ts"
import type * as realCache from "../../../../src/internal/platform/cache.ts"
import type * as realClock from "../../../../src/internal/platform/clock.ts"
import type * as realContext from "../../../../src/internal/platform/context.ts"
import type * as realHeap from "../../../../src/internal/platform/heap.ts"
import type * as realLimits from "../../../../src/internal/platform/limits.ts"
import type * as realModule from "../../../../src/internal/platform/module.ts"
import type * as realOutput from "../../../../src/internal/platform/output.ts"
import type * as realPackages from "../../../../src/internal/platform/packages.ts"
import type * as realPark from "../../../../src/internal/platform/park.ts"
import type * as realRandom from "../../../../src/internal/platform/random.ts"
import type * as realSimulation from "../../../../src/internal/platform/simulation.ts"
import type * as realStacks from "../../../../src/internal/platform/stacks.ts"
import type * as realStdio from "../../../../src/internal/platform/stdio.ts"
import type * as realTemporary from "../../../../src/internal/platform/temporary.ts"
import type * as realThread from "../../../../src/internal/platform/thread.ts"

/** Literal numbers differ between a bound and its twin. */
type Widened<T> = { [Name in keyof T]: T[Name] extends number ? number : T[Name] }

/** What a class shows. */
type Shape<T> = { [Name in keyof T]: T[Name] }

/** Fails to compile where a twin lacks a name or has it with another type. */
function sameTypes<Real, _Twin extends Real>(): void {}

sameTypes<typeof realAtomics, typeof atomics>()
sameTypes<typeof realBytes, typeof bytes>()
sameTypes<typeof realCache, typeof cache>()
sameTypes<typeof realClock, typeof clock>()
sameTypes<typeof realContext.captureStack, typeof context.captureStack>()
sameTypes<Shape<realContext.CallFrame>, Shape<context.CallFrame>>()
sameTypes<Shape<realContext.CallLocal<number>>, Shape<context.CallLocal<number>>>()
sameTypes<typeof realHeap, typeof heap>()
sameTypes<Widened<typeof realLimits>, Widened<typeof limits>>()
sameTypes<typeof realModule, typeof module>()
sameTypes<typeof realOutput, typeof output>()
sameTypes<typeof realPackages, typeof packages>()
sameTypes<typeof realPark, typeof park>()
sameTypes<typeof realRandom, typeof random>()
sameTypes<typeof realSimulation, typeof simulation>()
sameTypes<typeof realStacks, typeof stacks>()
sameTypes<typeof realStdio, typeof stdio>()
sameTypes<typeof realTemporary, typeof temporary>()

/** Ports are the host's own, each with more than the house uses. */
type Ports = "MessageChannel" | "onPort" | "receiveMessageOnPort"

sameTypes<Omit<typeof realThread, Ports>, Omit<typeof thread, Ports>>()

/** The first file of a thread has no names, and stands where its twin does. */
export type { ThreadNotice } from "../../../../src/internal/platform/browser/host.ts"

import type {} from "../../../../src/internal/platform/browser/entry.ts"
