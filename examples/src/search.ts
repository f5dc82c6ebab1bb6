/**
 * Indexes the documentation below a folder with workers that are killed while they work, checks the
 * index against a plain loop, and answers a search.
 *
 *   heddle run search.ts [--folder DIR] [--kills N] [--workers N] [word...]
 */
import { isolates, start } from "heddle"
import { INSTALLED, print, runCommand } from "./command.ts"
import { crew } from "./search/crew.ts"
import { Index } from "./search/index.ts"
import { HELP, type Options, readOptions } from "./search/options.ts"
import { readPage } from "./search/page.ts"
import { answers, summary } from "./search/report.ts"
import { walk } from "./search/walk.ts"
import { Progress } from "./survey/progress.ts"

async function main({ folder, kills, workers, words }: Options): Promise<number> {
  await start()
  const paths = [...walk(folder)]
  const places = isolates().length - 1
  print(`Indexing ${paths.length} files below ${folder}: ${workers} workers on ${places} isolates.`)
  const progress = new Progress(process.stderr, "indexing")
  const { index, toll } = await crew({
    folder,
    paths,
    kills,
    workers,
    progress: (done, path) => progress.show(done, paths.length, path),
  })
  progress.clear()
  print(summary(index, toll))
  const plain = new Index()
  for (const path of paths) plain.add(await readPage(folder, path))
  if (plain.digest() !== index.digest()) {
    process.stderr.write("search: the index differs from that of a plain loop\n")
    return 1
  }
  print("A plain loop over the same files gives the identical index.")
  print(answers(words, index.find(words)))
  return 0
}

await runCommand("search", readOptions(process.argv.slice(2), INSTALLED), HELP, main)
