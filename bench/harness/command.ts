/** How the commands of the benchmarks end: wrong use is one line and the code 2. */

/** Runs a command and sets the exit code of the process. */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    const wrongUse = error instanceof RangeError || isParseError(error)
    console.error(wrongUse ? error.message : error)
    process.exitCode = wrongUse ? 2 : 1
  }
}

/** Whether `parseArgs` refused what it was given. */
function isParseError(error: unknown): error is Error {
  return error instanceof Error && String(Reflect.get(error, "code")).startsWith("ERR_PARSE_ARGS")
}
