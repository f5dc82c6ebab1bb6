/** Programs of the Savina suite with nact: actors in one event loop. */
import { dispatch, type Ref, spawn, start, stop } from "nact"
import { Chance } from "../../../src/explore/chance.ts"
import { check, nanoseconds, repeated } from "../../harness/measure.ts"
import { BIG_ACTORS, RING_ACTORS, RING_HOPS } from "../../harness/savina.ts"
import type { Context, Sample } from "../../harness/scenario.ts"

/** Pings of each: a fortieth of the suite's, which take half a minute. */
const PINGS = 500

export function measureRing(context: Context): Promise<Sample> {
  const hops = context.count(RING_HOPS)
  return repeated(context, hops, async () => {
    const begin = nanoseconds()
    const system = start()
    const holder = await new Promise<number>((resolve) => {
      const ring: Ref<number>[] = Array.from({ length: RING_ACTORS }, (_, place) => {
        const pass = (_state: undefined, left: number): undefined => {
          if (left === 0) resolve(place)
          else dispatch(ring[(place + 1) % RING_ACTORS], left - 1)
        }
        return spawn(system, pass, `ring${place}`)
      })
      dispatch(ring[0], hops)
    })
    stop(system)
    const seconds = (nanoseconds() - begin) / 1e9
    check("the last holder", holder, hops % RING_ACTORS)
    return seconds
  })
}

/** A ping bears who asks; a pong, and what makes an actor begin, bears nobody. */
type Message = { readonly from?: Ref<Message> }

export function measureBig(context: Context): Promise<Sample> {
  const pings = context.count(PINGS)
  return repeated(context, 2 * pings * BIG_ACTORS, async () => {
    const begin = nanoseconds()
    const system = start()
    let pinged = 0
    await new Promise<void>((resolve) => {
      let busy = BIG_ACTORS
      const all: Ref<Message>[] = Array.from({ length: BIG_ACTORS }, (_, index) => {
        const chance = new Chance(index)
        let left = pings + 1
        const handle = (_state: undefined, { from }: Message): undefined => {
          if (from !== undefined) {
            pinged++
            dispatch(from, {})
          } else if (--left > 0) dispatch(all[chance.below(BIG_ACTORS)], { from: all[index] })
          else if (--busy === 0) resolve()
        }
        return spawn(system, handle, `big${index}`)
      })
      for (const ref of all) dispatch(ref, {})
    })
    stop(system)
    const seconds = (nanoseconds() - begin) / 1e9
    check("pings", pinged, pings * BIG_ACTORS)
    return seconds
  })
}
