/** Standard streams in a browser: the console takes lines, and there is nothing to read. */
import { browser } from "./host.ts"

const NEWLINE = 10

const streams = {
  1: { decoder: new TextDecoder(), begun: "", print: (line: string) => browser.console.log(line) },
  2: {
    decoder: new TextDecoder(),
    begun: "",
    print: (line: string) => browser.console.error(line),
  },
}

/** Writes all bytes; the console shows each line when it is complete. */
export function writeStream(fd: 1 | 2, bytes: Uint8Array): void {
  const stream = streams[fd]
  stream.begun += stream.decoder.decode(bytes, { stream: true })
  if (!bytes.includes(NEWLINE)) return
  const lines = stream.begun.split("\n")
  stream.begun = lines.pop() as string
  for (const line of lines) stream.print(line)
}

/** There is no standard input. */
export function inputIsFile(): boolean {
  return true
}

/** Standard input, of which a page has none. */
export interface Input {
  flow(on: boolean): void
}

/** There is nothing to hear. */
export function listenToInput(_take: (bytes: Uint8Array | undefined) => void): Input {
  return { flow: () => {} }
}

/** There is nothing to read: 0, the end. */
export function readStream(_buffer: Uint8Array): number {
  return 0
}
