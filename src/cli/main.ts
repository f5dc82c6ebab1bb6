#!/usr/bin/env node
/**
 * The command `heddle`.
 *
 * This file is read by whatever Node is installed, so it asks for the right one before it loads
 * anything that only the right one understands.
 */

const NODE_MAJOR_MIN = 24

if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR_MIN) {
  const found = process.versions.node
  process.stderr.write(`heddle: needs Node ${NODE_MAJOR_MIN} or newer, this is Node ${found}\n`)
  process.exitCode = 2
} else {
  const { command } = await import("./command.ts")
  await command(process.argv.slice(2))
}
