/** Which of a program's flags the command that repeats a failure needs. */

const LOADER = /^(--conditions|--import|--require|--loader|-C|-r)(=|$)/

/**
 * Those of `flags` that say what is loaded, and how, with their values. A test runner passes on
 * every flag there is: the others say nothing about the program.
 */
export function loaderFlags(flags: readonly string[]): string[] {
  const kept: string[] = []
  let takesValue = false
  for (const flag of flags) {
    if (takesValue || LOADER.test(flag)) kept.push(flag)
    takesValue = !takesValue && LOADER.test(flag) && !flag.includes("=")
  }
  return kept
}
