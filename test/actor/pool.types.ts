/** What the type checker must know of pools, routers and buses; compiled by `tsc`, never run. */
import {
  Actor,
  type ActorInbox,
  type ActorRef,
  type Bus,
  type Pool,
  pool,
  router,
} from "../../src/actor/index.ts"

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

class Clerk extends Actor {
  readonly name: string
  constructor(name: string) {
    super()
    this.name = name
  }
  serve(customer: string): number {
    return customer.length
  }
  async wait(): Promise<boolean> {
    return true
  }
}

async function listen(inbox: ActorInbox<{ n: number }>): Promise<void> {
  await inbox.receive()
}

declare const clerks: Pool<Clerk>
declare const ref: ActorRef<Clerk>
declare const shop: Bus<{ "order.placed": number; "order.paid": number; stock: string }>
const functions = () => pool(listen)

/** Each is wrong when the inference is not exact. */
export const checks: [
  Same<ReturnType<typeof clerks.ask.serve>, Promise<number>>,
  Same<ReturnType<typeof clerks.ask.wait>, Promise<boolean>>,
  Same<ReturnType<typeof clerks.tell.serve>, Promise<void>>,
  Same<ReturnType<typeof clerks.askAll.serve>, Promise<number[]>>,
  Same<(typeof clerks.members)[0], ActorRef<Clerk>>,
] = [true, true, true, true, true]

export async function uses(): Promise<unknown[]> {
  const options = {
    size: 2,
    route: "hash",
    key: (_method: string, args: readonly unknown[]) => args[0],
  } as const
  return [
    pool(Clerk, ["ada"], options),
    (await functions()).ask({ n: 1 }),
    // @ts-expect-error the class wants an argument
    pool(Clerk),
    // @ts-expect-error of another type
    pool(Clerk, [1]),
    // @ts-expect-error there is no such route
    pool(Clerk, ["ada"], { route: "fastest" }),
    // @ts-expect-error there is no such method
    clerks.ask.fire("x"),
    // @ts-expect-error the method wants a text
    clerks.tell.serve(1),
    // @ts-expect-error its inbox takes something else
    (await functions()).tell("text"),
    // @ts-expect-error what an actor inherits is no message
    router([ref]).ask.onStart(),
  ]
}

export async function events(): Promise<unknown[]> {
  const numbers: AsyncIterable<number> = await shop.events("order.*")
  return [
    numbers,
    shop.publish("stock", "low"),
    shop.listen("stock", (text) => text.toUpperCase()),
    shop.subscribe("stock", ref, "serve"),
    // @ts-expect-error there is no such topic
    shop.publish("order.lost", 1),
    // @ts-expect-error its events are texts
    shop.publish("stock", 1),
    // @ts-expect-error numbers have no case
    shop.listen("order.paid", (id) => id.toUpperCase()),
    // @ts-expect-error there is no such method
    shop.subscribe("stock", ref, "sell"),
    // @ts-expect-error a class needs a method
    shop.subscribe("stock", ref),
  ]
}
