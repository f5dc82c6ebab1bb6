/** Folders of the host, of which a page has none. */

/** A page has no folders. */
export function makeTemporaryFolder(): string | undefined {
  return undefined
}

/** There is nothing to remove. */
export function removeTemporaryFolder(_folder: string): void {}
