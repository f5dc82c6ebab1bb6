/**
 * Surveys source code: what is imported most, which functions are longest, which names are
 * frequent, which files exist twice. First on every core, then on one, and both must agree.
 *
 *   heddle run survey.ts [--folder DIR]
 */
import { isDeepStrictEqual } from "node:util"
import { isolates, start } from "heddle"
import { INSTALLED, print, runCommand } from "./command.ts"
import { HELP, type Options, readOptions } from "./survey/options.ts"
import { type Survey, survey } from "./survey/pipeline.ts"
import { Progress } from "./survey/progress.ts"
import { report } from "./survey/report.ts"
import { comparison } from "./survey/times.ts"

const EXIT_INTERRUPTED = 130

async function main({ folder }: Options): Promise<number> {
  const stop = new AbortController()
  process.once("SIGINT", () => stop.abort())
  await start()
  // Main walks and adds up; every other isolate parses.
  const parsers = isolates().filter(({ id }) => id !== 0).length
  print(`Surveying ${folder} on ${parsers} isolates.`)
  const onAll = await runOnce(folder, parsers, false, stop.signal)
  print(report(folder, onAll.result))
  if (onAll.stopped) return partial(onAll)
  const onOne = await runOnce(folder, 1, true, stop.signal)
  if (onOne.stopped) return partial(onOne)
  print(comparison(onAll, onOne))
  if (isDeepStrictEqual(onAll.result, onOne.result)) {
    print("Both results are identical.")
    return 0
  }
  process.stderr.write("survey: the two results differ\n")
  return 1
}

async function runOnce(
  folder: string,
  parsers: number,
  here: boolean,
  signal: AbortSignal,
): Promise<Survey> {
  const progress = new Progress(process.stderr, here ? "one isolate " : `${parsers} isolates`)
  const done = await survey({
    folder,
    parsers,
    here,
    signal,
    progress: (files, known, path) => progress.show(files, known, path),
  })
  progress.clear()
  return done
}

function partial(run: Survey): number {
  print(`Interrupted: this is what ${run.result.files} files say, not all of them.`)
  return EXIT_INTERRUPTED
}

await runCommand("survey", readOptions(process.argv.slice(2), INSTALLED), HELP, main)
