/** Does what the command line asks for. */
import { readFileSync, writeSync } from "node:fs"
import { readCommand } from "./arguments.ts"

const STDERR = 2

/** Runs `heddle` with the words that follow its name. */
export async function command(words: readonly string[]): Promise<void> {
  const request = readCommand(words)
  switch (request.kind) {
    case "help": {
      const { help } = await import("./help.ts")
      process.stdout.write(help(request.topic))
      return
    }
    case "version":
      process.stdout.write(`${version()}\n`)
      return
    case "mistake":
      refuse(request.message)
      return
    case "run": {
      const { run } = await import("./run.ts")
      await run(request.program, refuse)
    }
  }
}

/** Says in one line why nothing was run, and ends. */
function refuse(message: string): never {
  // Written at once: what is queued on a stream may be lost when the process ends.
  writeSync(STDERR, `heddle: ${message}\n`)
  process.exit(2)
}

function version(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8")
  return (JSON.parse(manifest) as { version: string }).version
}
