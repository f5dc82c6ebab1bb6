/** XState: actors of transitions, called in the sender's turn. */
import { type AnyActorRef, createActor, fromTransition } from "xstate"
import { bytesOf, collect, SPAWN_TIMES } from "../../harness/actor.ts"
import { check, nanoseconds, repeated, sumBelow } from "../../harness/measure.ts"
import type { Context, Sample } from "../../harness/scenario.ts"

interface Add {
  readonly type: "add"
  readonly n: number
}

function leaf(): AnyActorRef {
  const logic = fromTransition((sum: number, { n }: Add) => sum + n, 0)
  const actor = createActor(logic)
  actor.start()
  return actor
}

export async function measureTell(context: Context): Promise<Sample> {
  const count = context.count(1_000_000)
  return repeated(context, count, async () => {
    const actor = leaf()
    const begin = nanoseconds()
    for (let n = 0; n < count; n++) actor.send({ type: "add", n })
    check("sum", actor.getSnapshot().context, sumBelow(count))
    return (nanoseconds() - begin) / 1e9
  })
}

export async function measureSpawn(context: Context): Promise<Sample> {
  const count = context.count(50_000)
  return repeated(
    context,
    count,
    async () => {
      await collect()
      const begin = nanoseconds()
      let sum = 0
      for (let n = 0; n < count; n++) {
        const actor = leaf()
        actor.send({ type: "add", n })
        sum += actor.getSnapshot().context
      }
      check("sum", sum, sumBelow(count))
      return (nanoseconds() - begin) / 1e9
    },
    SPAWN_TIMES,
  )
}

export function measureMemory(context: Context): Promise<Sample> {
  const actors: AnyActorRef[] = []
  return bytesOf(context, async (count) => {
    for (let n = 0; n < count; n++) {
      const actor = leaf()
      actor.send({ type: "add", n })
      actors.push(actor)
    }
  })
}
