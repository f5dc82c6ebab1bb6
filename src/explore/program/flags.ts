/** Which of a program's flags the command that repeats a failure needs. */

const LOADER = /^(--conditions|--import|--require|--loader|-C|-r)(=|$)/

/**
 * Those of `flags` that say what is loaded, and how, with their values, each once. A test runner
 * passes on every flag there is, and some of them twice: the others say nothing about the program.
 */
export function loaderFlags(flags: readonly string[]): string[] {
  const kept = new Map<string, string[]>()
  for (const [i, flag] of flags.entries()) {
    if (!LOADER.test(flag)) continue
    const value = flags[i + 1]
    const words = flag.includes("=") || value === undefined ? [flag] : [flag, value]
    kept.set(words.join("="), words)
  }
  return [...kept.values()].flat()
}
