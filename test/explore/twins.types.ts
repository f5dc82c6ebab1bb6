/** Each platform file has a twin under the explorer with the same types. */

import type * as atomics from "../../src/explore/platform/atomics.ts"
import type * as bytes from "../../src/explore/platform/bytes.ts"
import type * as clock from "../../src/explore/platform/clock.ts"
import type * as context from "../../src/explore/platform/context.ts"
import type * as heap from "../../src/explore/platform/heap.ts"
import type * as limits from "../../src/explore/platform/limits.ts"
import type * as module from "../../src/explore/platform/module.ts"
import type * as park from "../../src/explore/platform/park.ts"
import type * as random from "../../src/explore/platform/random.ts"
import type * as simulation from "../../src/explore/platform/simulation.ts"
import type * as thread from "../../src/explore/platform/thread.ts"
import type * as realAtomics from "../../src/internal/platform/atomics.ts"
import type * as realBytes from "../../src/internal/platform/bytes.ts"
import type * as realClock from "../../src/internal/platform/clock.ts"
import type * as realContext from "../../src/internal/platform/context.ts"
import type * as realHeap from "../../src/internal/platform/heap.ts"
import type * as realLimits from "../../src/internal/platform/limits.ts"
import type * as realModule from "../../src/internal/platform/module.ts"
import type * as realPark from "../../src/internal/platform/park.ts"
import type * as realRandom from "../../src/internal/platform/random.ts"
import type * as realSimulation from "../../src/internal/platform/simulation.ts"
import type * as realThread from "../../src/internal/platform/thread.ts"

/** Literal numbers differ between a bound and its twin. */
type Widened<T> = { [Name in keyof T]: T[Name] extends number ? number : T[Name] }

/** Fails to compile where a twin lacks a name or has it with another type. */
function sameTypes<Real, _Twin extends Real>(): void {}

sameTypes<typeof realAtomics, typeof atomics>()
sameTypes<typeof realBytes, typeof bytes>()
sameTypes<typeof realClock, typeof clock>()
sameTypes<typeof realContext, typeof context>()
sameTypes<Widened<typeof realLimits>, Widened<typeof limits>>()
sameTypes<typeof realHeap, typeof heap>()
sameTypes<typeof realModule, typeof module>()
sameTypes<typeof realPark, typeof park>()
sameTypes<typeof realRandom, typeof random>()
sameTypes<typeof realSimulation, typeof simulation>()
sameTypes<typeof realThread, typeof thread>()
