/** What this thread writes to the host's own streams, which hand it on later. */

/** Resolves when what this thread has written through the host's streams so far has left it. */
export async function whenWritten(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.writableLength === 0) continue
    await new Promise<void>((resolve) => stream.write("", () => resolve()))
  }
}
