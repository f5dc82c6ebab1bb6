/** Programs of their own: what a test must see from outside. */
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { type Ended, ended, type Watch } from "../support/ended.ts"

/** Runs the fixture `name`; `watch` sees the process and what it has printed so far. */
export function program(
  name: string,
  args: readonly string[] = [],
  options: {
    env?: Record<string, string>
    flags?: readonly string[]
    watch?: Watch
  } = {},
): Promise<Ended> {
  const file = fileURLToPath(new URL(`./fixtures/${name}.ts`, import.meta.url))
  const flags = ["--conditions=source", ...(options.flags ?? []), file, ...args]
  const child = spawn(process.execPath, flags, { env: { ...process.env, ...options.env } })
  return ended(child, `${name} ${args.join(" ")}`, options.watch)
}
