/**
 * Classes whose instances may be copied to other isolates, by id.
 *
 * Structured clone would strip an instance of its class in silence; here it is refused, unless its
 * class says how it becomes data and how it comes back.
 *
 * Invariant     an id names one class, a class has one id, in every isolate
 */

import { UnknownClassError } from "../../errors.ts"
import { checkNames, shown } from "./shown.ts"

/** How instances of a class become plain data and come back. */
export interface SendableOptions<T extends object, Data> {
  /** The same in every isolate, unique in the program: `"shop/Money"`. */
  readonly id: string
  /** Gives data that can be sent; it may contain other registered instances and handles. */
  readonly encode: (value: T) => Data
  /** Makes an instance again from what `encode` gave. */
  readonly decode: (data: Data) => T
}

/** One registered class as the codec sees it. */
export interface Registration {
  readonly id: string
  readonly Class: abstract new (...args: never[]) => object
  readonly encode: (value: object) => unknown
  readonly decode: (data: unknown) => object
}

const byPrototype = new Map<object, Registration>()
const byId = new Map<string, Registration>()

/**
 * Registers a class, so that its instances can be sent by copying. Returns the class.
 *
 * Call it in the module that defines the class: whoever imports the class can then send and receive
 * it. Registration is by exact class and is not inherited: an instance of a subclass is refused
 * until the subclass is registered too, because `decode` of the base class would build the base
 * class. An instance that is met twice in one message arrives as one instance; one that refers to
 * itself through its own data is refused, since it cannot exist before its data.
 *
 * @throws {TypeError} when the class or an option is not what it should be, or the class has an id
 * @throws {RangeError} when another class has this id
 * @example
 * class Money {
 *   readonly cents: number
 *   constructor(cents: number) { this.cents = cents }
 * }
 * sendable(Money, {
 *   id: "shop/Money",
 *   encode: (money) => money.cents,
 *   decode: (cents) => new Money(cents),
 * })
 */
export function sendable<C extends abstract new (...args: never[]) => object, Data>(
  Class: C,
  options: SendableOptions<InstanceType<C>, Data>,
): C {
  const { id, encode, decode } = check(Class, options)
  const prototype = Class.prototype as object
  const present = byPrototype.get(prototype)
  if (present !== undefined) {
    throw new TypeError(`class ${Class.name} is registered already, as "${present.id}"`)
  }
  const other = byId.get(id)
  if (other !== undefined) {
    throw new RangeError(`sendable id "${id}" of ${Class.name} belongs to ${other.Class.name}`)
  }
  // The codec hands `encode` only instances of Class and `decode` only what `encode` gave.
  const registration = { id, Class, encode, decode } as unknown as Registration
  byPrototype.set(prototype, registration)
  byId.set(id, registration)
  return Class
}

/** The registration of the class with exactly this prototype. */
export function registrationOf(prototype: object): Registration | undefined {
  return byPrototype.get(prototype)
}

/**
 * The registration with this id.
 *
 * @throws {UnknownClassError} when the module that registers it is not loaded in this isolate
 */
export function knownRegistration(id: string): Registration {
  const registration = byId.get(id)
  if (registration === undefined) {
    throw new UnknownClassError(
      id,
      `an instance of "${id}" arrived, but no class is registered here under this id: ` +
        "import the module that calls sendable(Class, { id }) where the value is received; " +
        "a closure imports only what its code and its types name (`import type` apart): " +
        "name the class in it",
    )
  }
  return registration
}

function check<T extends object, Data>(
  Class: unknown,
  options: SendableOptions<T, Data>,
): SendableOptions<T, Data> {
  if (typeof Class !== "function" || typeof Class.prototype !== "object") {
    throw new TypeError(`sendable takes a class, received ${shown(Class)}`)
  }
  checkNames(options, "sendable", ["id", "encode", "decode"])
  if (typeof options.id !== "string" || options.id === "") {
    throw new TypeError(
      `sendable needs an id, a string that is not empty: received ${shown(options.id)}`,
    )
  }
  for (const name of ["encode", "decode"] as const) {
    if (typeof options[name] !== "function") {
      throw new TypeError(
        `${name} of "${options.id}" must be a function, received ${shown(options[name])}`,
      )
    }
  }
  return options
}
