/** nact: actors in one event loop. */
import { dispatch, query, type Ref, spawn, start } from "nact"
import { bytesOf, collect, SPAWN_TIMES } from "../../harness/actor.ts"
import { check, nanoseconds, repeated, sumBelow } from "../../harness/measure.ts"
import type { Context, Sample } from "../../harness/scenario.ts"

type Message = { n: number; sender?: Ref<number> }

function leaf(system: ReturnType<typeof start>, name: string, heard: (n: number) => void) {
  return spawn(
    system,
    (state: number, { n, sender }: Message) => {
      if (sender !== undefined) dispatch(sender, n + 1)
      else heard(n)
      return state + n
    },
    name,
    { initialState: 0 },
  )
}

export async function measurePing(context: Context): Promise<Sample> {
  const count = context.count(50_000)
  const actor = leaf(start(), "leaf", () => {})
  return repeated(context, count, async () => {
    const begin = nanoseconds()
    let sum = 0
    for (let n = 0; n < count; n++) {
      sum += await query(actor, (sender: Ref<number>) => ({ n, sender }), 60_000)
    }
    check("sum", sum, sumBelow(count) + count)
    return (nanoseconds() - begin) / 1e9
  })
}

export async function measureTell(context: Context): Promise<Sample> {
  const count = context.count(100_000)
  const system = start()
  let run = 0
  return repeated(context, count, async () => {
    let sum = 0
    let left = count
    const begin = nanoseconds()
    await new Promise<void>((resolve) => {
      const actor = leaf(system, `leaf${run++}`, (n) => {
        sum += n
        if (--left === 0) resolve()
      })
      for (let n = 0; n < count; n++) dispatch(actor, { n })
    })
    check("sum", sum, sumBelow(count))
    return (nanoseconds() - begin) / 1e9
  })
}

export async function measureSpawn(context: Context): Promise<Sample> {
  const count = context.count(20_000)
  return repeated(
    context,
    count,
    async () => {
      await collect()
      const system = start()
      const begin = nanoseconds()
      await new Promise<void>((resolve) => {
        let left = count
        const heard = (): void => {
          if (--left === 0) resolve()
        }
        for (let n = 0; n < count; n++) dispatch(leaf(system, `leaf${n}`, heard), { n })
      })
      return (nanoseconds() - begin) / 1e9
    },
    SPAWN_TIMES,
  )
}

export function measureMemory(context: Context): Promise<Sample> {
  const system = start()
  const actors: unknown[] = []
  return bytesOf(context, async (count) => {
    for (let n = 0; n < count; n++) {
      const actor = leaf(system, `leaf${actors.length}`, () => {})
      dispatch(actor, { n })
      actors.push(actor)
    }
  })
}
