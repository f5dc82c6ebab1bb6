/** What the commands of the examples have in common: what they search, say, and end with. */
import { fileURLToPath } from "node:url"

/** What a fresh clone has after `npm ci`. */
export const INSTALLED: string = fileURLToPath(new URL("../../node_modules", import.meta.url))

/** Says a paragraph. */
export function print(text: string): void {
  process.stdout.write(`${text}\n\n`)
}

/**
 * Runs a command and sets the exit code of the process. `options` as they were read: the text of
 * `help` when that was asked for, another text when they make no sense.
 */
export async function runCommand<Options extends object>(
  name: string,
  options: Options | string,
  help: string,
  main: (options: Options) => Promise<number>,
): Promise<void> {
  if (typeof options !== "string") process.exitCode = await main(options)
  else if (options === help) process.stdout.write(help)
  else {
    process.stderr.write(`${name}: ${options}\n`)
    process.exitCode = 2
  }
}
