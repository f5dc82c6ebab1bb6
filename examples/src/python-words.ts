/**
 * TypeScript and Python on the same channels: TypeScript reads files, two interpreters of Python
 * count their words in parallel, TypeScript adds up.
 *
 *   heddle run python-words.ts [FILE…]
 */
import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { channel, type Receiver } from "heddle"
import { type Interpreter, interpreter } from "heddle/python"

/** What Python does: a file's text comes, the counts of its words go. */
const COUNT = `
import collections, re

def count(texts, counts):
    for name, text in texts:
        words = collections.Counter(re.findall(r"[a-z]+", text.lower()))
        counts.send([name, dict(words)])
`

type Text = [name: string, text: string]
type Counts = [name: string, words: Record<string, number>]

/** Counts the words of some files with `workers` interpreters. */
export async function countWords(
  files: readonly string[],
  workers: number,
): Promise<Map<string, number>> {
  const texts = channel<Text>(16)
  const counts = channel<Counts>(16)
  const interpreters = await Promise.all(Array.from({ length: workers }, () => interpreter()))
  try {
    const working = Promise.all(interpreters.map((py) => work(py, texts.receiver, counts)))
    const ended = working.finally(() => counts.close())
    for (const file of files) await texts.send([file, await readFile(file, "utf8")])
    texts.close()
    const totals = await addUp(counts)
    await ended
    return totals
  } finally {
    for (const py of interpreters) py.terminate()
  }
}

async function work(py: Interpreter, texts: Receiver<Text>, counts: unknown): Promise<void> {
  await py.exec(COUNT)
  await py.call(":count", texts, counts)
}

async function addUp(counts: AsyncIterable<Counts>): Promise<Map<string, number>> {
  const totals = new Map<string, number>()
  for await (const [, words] of counts) {
    for (const [word, n] of Object.entries(words)) totals.set(word, (totals.get(word) ?? 0) + n)
  }
  return totals
}

if (import.meta.main) {
  const given = process.argv.slice(2)
  const files = given.length > 0 ? given : [fileURLToPath(import.meta.url)]
  const totals = await countWords(files, 2)
  const most = [...totals].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).slice(0, 5)
  for (const [word, n] of most) process.stdout.write(`${word} ${n}\n`)
}
