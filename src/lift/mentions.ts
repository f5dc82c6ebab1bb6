/** The one question asked of every file, kept apart from the parser that few files need. */

/** Whether a text might use Heddle: cheap, and never false for one that does. */
export function mentionsHeddle(source: string): boolean {
  return /["']heddle(\/[\w-]+)?["']/.test(source)
}
