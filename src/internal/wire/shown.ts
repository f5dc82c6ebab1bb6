/** What callers gave, in the words of a message. */

/** One short line for a value of any type. */
export function shown(value: unknown): string {
  if (typeof value === "string") {
    return value.length > 40 ? `${JSON.stringify(value.slice(0, 40))}…` : JSON.stringify(value)
  }
  if (typeof value === "bigint") return `${value}n`
  if (typeof value === "function") return "a function"
  if (typeof value === "object" && value !== null) {
    return Array.isArray(value) ? `an array of ${value.length}` : "an object"
  }
  return Object.is(value, -0) ? "-0" : String(value)
}

/** @throws {TypeError} when `options` is no object, or has a name that is not `known` */
export function checkNames(options: unknown, what: string, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`${what} takes an object of options, received ${shown(options)}`)
  }
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue
    throw new TypeError(`${what} has no option ${key}; it knows ${known.join(", ")}`)
  }
}
