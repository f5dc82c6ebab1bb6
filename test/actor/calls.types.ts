/** How the methods of a class are typed for those who ask and tell; checked by the compiler. */
import {
  Actor,
  type ActorInbox,
  type ActorRef,
  child,
  pool,
  spawn,
  supervise,
} from "../../src/actor/index.ts"

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
function same<A, B>(_yes: Same<A, B>): void {}

interface Shelf {
  count: number
  title: string
}

class Library extends Actor {
  async keep<V>(value: V): Promise<V> {
    return value
  }
  async look<K extends keyof Shelf>(_key: K): Promise<Shelf[K] | undefined> {
    return undefined
  }
  async find(n: number): Promise<number>
  async find(title: string): Promise<string>
  async find(what: number | string): Promise<number | string> {
    return what
  }
  count(of: number): number {
    return of
  }
  loose(): number | Promise<string> {
    return 1
  }
  awaited(): PromiseLike<number> {
    return Promise.resolve(1)
  }
  async bound(this: Library, n: number): Promise<number> {
    return n
  }
  async me(): Promise<this> {
    return this
  }
  with(n: number): number {
    return n
  }
  // biome-ignore lint/suspicious/noThenProperty: what a class must not have, and may
  then(n: number): number {
    return n
  }
}

export async function asked(library: ActorRef<Library>): Promise<void> {
  const kept = library.ask.keep("a" as const)
  same<typeof kept, Promise<"a">>(true)
  const looked = library.ask.look("count")
  same<typeof looked, Promise<number | undefined>>(true)
  const byNumber = library.ask.with({ timeoutMs: 1 }).find(1)
  same<typeof byNumber, Promise<number>>(true)
  const byTitle = library.ask.find("a")
  same<typeof byTitle, Promise<string>>(true)
  const counted = library.ask.count(1)
  same<typeof counted, Promise<number>>(true)
  const loose = library.ask.loose()
  same<typeof loose, Promise<number | string>>(true)
  const awaited = library.ask.awaited()
  same<typeof awaited, Promise<number>>(true)
  const bound = library.ask.bound(1)
  same<typeof bound, Promise<number>>(true)
  const told = library.tell.keep(1)
  same<typeof told, Promise<void>>(true)
  const general: ActorRef<Actor> = library
  void general
  // @ts-expect-error a reference is no promise
  library.ask.then(1)
  // @ts-expect-error `with` takes limits
  library.ask.with(1)
  // @ts-expect-error neither a number nor a title
  library.ask.find(true)
}

export async function startedBy<C extends Library>(Class: new () => C): Promise<ActorRef<C>> {
  const library = await spawn(Class)
  const found: number = await library.ask.find(1)
  const counted: number = await library.ask.count(found)
  void counted
  return library
}

export async function functions(): Promise<void> {
  const any = await spawn(async (inbox) => {
    for await (const message of inbox) inbox.reply(message)
  })
  await any.tell({ any: "message" })
  const many = await pool(async (inbox) => {
    await inbox.receive()
  })
  await many.tell("anything")
  const bank = await supervise({
    children: [child(async (inbox) => void (await inbox.receive()), [], { id: "any" })],
  })
  await bank.child("any").tell("anything")
  const typed = await spawn(
    async (inbox: ActorInbox<string>, _from: number) => {
      await inbox.receive()
    },
    [1],
  )
  await typed.ask("text")
  // @ts-expect-error a text is needed
  await typed.tell(1)
  // @ts-expect-error the number is missing
  await spawn(async (_inbox: ActorInbox<string>, _from: number) => {})
  const loose = {} as ActorRef<unknown>
  // @ts-expect-error what it takes is not known
  await loose.ask("text")
}
