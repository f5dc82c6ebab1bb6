/** What a thread of a page writes. */

/** The console keeps nothing back. */
export async function whenWritten(): Promise<void> {}
