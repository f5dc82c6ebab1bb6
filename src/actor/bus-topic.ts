/** What an event is about, and which subscriptions that concerns. */

import { registrationOf } from "../internal/wire/sendable.ts"
import { shown } from "../internal/wire/shown.ts"

/** A class whose instances can be sent: see `sendable`. */
export type EventClass<T extends object = object> = abstract new (...args: never[]) => T

/** Before the ids of classes, so that no topic that is a text meets them. */
const OF_CLASS = "class\u0000"

/**
 * The topic that a subscription names: a text, or a class.
 *
 * @throws {TypeError} when it is neither, or a class that cannot be sent
 */
export function topicOf(given: unknown): string {
  if (typeof given === "function") {
    const registration = registrationOf(given.prototype as object)
    if (registration !== undefined) return OF_CLASS + registration.id
    throw new TypeError(
      `${given.name} is not registered: call sendable(${given.name}, { id, encode, decode })`,
    )
  }
  if (typeof given !== "string" || given === "" || given.startsWith(OF_CLASS)) {
    throw new TypeError(`a topic is a text that is not empty, or a class; received ${shown(given)}`)
  }
  return given
}

/**
 * The topics of an event that is an instance of a class: its own, and those of the classes it
 * derives from that can be sent.
 *
 * @throws {TypeError} when none of them can be sent
 */
export function topicsOfInstance(event: object): string[] {
  const topics: string[] = []
  for (let at: object | null = Object.getPrototypeOf(event); at !== null; ) {
    const registration = registrationOf(at)
    if (registration !== undefined) topics.push(OF_CLASS + registration.id)
    at = Object.getPrototypeOf(at)
  }
  if (topics.length > 0) return topics
  const name = Reflect.get(event, "constructor")?.name ?? "an object"
  throw new TypeError(
    `publish(event) needs an instance of a class registered with sendable, received ${name}; ` +
      "anything else is published as publish(topic, event)",
  )
}

/** A topic as subscribers and people read it. */
export function shownTopic(topic: string): string {
  return topic.startsWith(OF_CLASS) ? topic.slice(OF_CLASS.length) : topic
}

/** Whether a subscription to `wanted`, which may end in `*`, gets events of `topic`. */
export function matches(wanted: string, topic: string): boolean {
  return wanted.endsWith("*") ? topic.startsWith(wanted.slice(0, -1)) : wanted === topic
}
