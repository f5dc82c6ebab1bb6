/** Runs the command `heddle` from source, as tests need it. */
import { type SpawnOptionsWithoutStdio, spawn } from "node:child_process"
import { constants } from "node:os"
import { fileURLToPath } from "node:url"
import { type Ended, ended, type Watch } from "../support/ended.ts"

/** How a run of the command ended; the code is a shell's, which counts signals from 128. */
export type Run = Omit<Ended, "signal">

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url))

/** The folder of the programs that tests run. */
export const FIXTURES = fileURLToPath(new URL("./fixtures", import.meta.url))

/**
 * Runs `heddle` with `args` in the folder of fixtures; `watch` sees the process and its output.
 * `flags` are Node's own.
 */
export function heddle(
  args: readonly string[],
  watch?: Watch,
  flags: readonly string[] = [],
): Promise<Run> {
  return started(args, { cwd: FIXTURES }, undefined, watch, flags)
}

/** As `heddle`, elsewhere, and with all of its standard input where some is given. */
export async function started(
  args: readonly string[],
  options: SpawnOptionsWithoutStdio,
  input: string | undefined,
  watch?: Watch,
  flags: readonly string[] = [],
): Promise<Run> {
  const child = spawn(process.execPath, ["--conditions=source", ...flags, MAIN, ...args], options)
  if (input !== undefined) child.stdin.end(input)
  const { code, signal, stdout, stderr } = await ended(child, `heddle ${args.join(" ")}`, watch)
  return { code: signal === null ? code : 128 + constants.signals[signal], stdout, stderr }
}
