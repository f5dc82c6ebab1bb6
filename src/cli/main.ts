#!/usr/bin/env node
/**
 * The command `heddle`.
 *
 * This file is read by whatever Node is installed, so it asks for the right one before it loads
 * anything that only the right one understands.
 */

const EXIT_USAGE = 2

try {
  await import("../internal/platform/supported.ts")
} catch (error) {
  process.stderr.write(`heddle: ${(error as Error).message}\n`)
  process.exit(EXIT_USAGE)
}
const { command } = await import("./command.ts")
await command(process.argv.slice(2))
