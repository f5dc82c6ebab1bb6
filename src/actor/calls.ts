/**
 * `ref.ask` and `ref.tell`: a method of the actor's class is a property here.
 *
 * An object per reference and direction that knows its reference; what the properties do is known
 * once per name, to a prototype that all share. A name met for the first time falls through to the
 * end of the prototypes, which adds it. An object that is used again and again keeps its calls.
 */

/** Calls a method of some actor. */
export type Call = (...args: unknown[]) => Promise<unknown>

/** Makes the property of one name, as a holder has it. */
export type Property<H> = (holder: H) => unknown

/** The end of the prototypes: a name that nobody knows is made known. */
function endOf(add: (name: string) => void): object {
  return new Proxy(Object.create(null) as object, {
    get(_target, name, receiver) {
      if (typeof name !== "string" || name === "then") return undefined
      add(name)
      return Reflect.get(receiver as object, name) as unknown
    },
    set: () => false,
  })
}

/**
 * Makes the objects of one kind. `make` is asked once for each name; `more` are names that are no
 * methods.
 */
export function callsFor<H>(
  make: (name: string) => (holder: H) => Call,
  more: Readonly<Record<string, Property<H>>> = {},
): (holder: H) => object {
  class Calls {
    readonly #holder: H
    #isUsed = false

    constructor(holder: H) {
      this.#holder = holder
    }

    static callOf(calls: Calls, name: string, property: Property<H>): unknown {
      const call = property(calls.#holder)
      if (calls.#isUsed) Object.defineProperty(calls, name, { value: call })
      calls.#isUsed = true
      return call
    }
  }
  const shared = Calls.prototype
  Reflect.deleteProperty(shared, "constructor")
  const add = (name: string, property: Property<H>): void => {
    Object.defineProperty(shared, name, {
      get(this: Calls) {
        return Calls.callOf(this, name, property)
      },
    })
  }
  for (const [name, property] of Object.entries(more)) add(name, property)
  Object.setPrototypeOf(
    shared,
    endOf((name) => add(name, make(name))),
  )
  return (holder) => new Calls(holder)
}
