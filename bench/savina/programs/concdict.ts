/** Workers read and write one dictionary. Checked: each read, and the keys at the end. */
import { Actor, type ActorRef, actor, type Takes } from "heddle"
import { Chance, expect, me, type Program } from "../kit.ts"

interface Sizes {
  readonly workers: number
  readonly messages: number
  readonly writePercent: number
}

/** Keys as in the suite. */
const KEYS = Math.floor(2 ** 31 / 4_096)

/** What is written under a key, so that every read can be judged. */
function valueFor(key: number): number {
  return key * 2 + 1
}

/** What a worker does, in order: a key, and whether it writes. */
function* deeds(worker: number, { messages, writePercent }: Sizes): Generator<[number, boolean]> {
  const chance = new Chance(worker + messages + writePercent)
  for (let i = 0; i < messages; i++) {
    const isWrite = chance.below(100) < writePercent
    yield [chance.below(KEYS), isWrite]
  }
}

export class Dictionary extends Actor {
  static {
    actor(import.meta.url, "Dictionary", Dictionary)
  }
  readonly entries = new Map<number, number>()
  write(key: number, value: number, worker: ActorRef<DictionaryWorker>): void {
    this.entries.set(key, value)
    void worker.tell.result(key, value)
  }
  read(key: number, worker: ActorRef<DictionaryWorker>): void {
    void worker.tell.result(key, this.entries.get(key) ?? 0)
  }
  size(): number {
    return this.entries.size
  }
}

export class DictionaryWorker extends Actor {
  static {
    actor(import.meta.url, "DictionaryWorker", DictionaryWorker)
  }
  readonly deeds: Generator<[number, boolean]>
  readonly dictionary: ActorRef<Dictionary>
  readonly report: ActorRef<Takes<string>>
  constructor(
    index: number,
    sizes: Sizes,
    dictionary: ActorRef<Dictionary>,
    report: ActorRef<Takes<string>>,
  ) {
    super()
    this.deeds = deeds(index, sizes)
    this.dictionary = dictionary
    this.report = report
  }
  next(): void {
    const { value, done } = this.deeds.next()
    if (done) {
      void this.report.tell("done")
      return
    }
    const [key, isWrite] = value
    const self = me<DictionaryWorker>(this)
    if (isWrite) void this.dictionary.tell.write(key, valueFor(key), self)
    else void this.dictionary.tell.read(key, self)
  }
  result(key: number, value: number): void {
    if (value !== 0) expect(`the value of ${key}`, value, valueFor(key))
    this.next()
  }
}

export const program: Program<Sizes> = {
  name: "concdict",
  suite: { workers: 20, messages: 10_000, writePercent: 10 },
  small: { workers: 4, messages: 100, writePercent: 10 },
  async run(sizes, stage) {
    const { report, all } = await stage.gather<string>(sizes.workers)
    const dictionary = await stage.spawn(Dictionary, [])
    const workers = await stage.spawnMany(sizes.workers, DictionaryWorker, (i) => {
      return [i, sizes, dictionary, report]
    })
    for (const worker of workers) await worker.tell.next()
    await all
    const written = new Set<number>()
    for (let i = 0; i < sizes.workers; i++)
      for (const [key, isWrite] of deeds(i, sizes)) if (isWrite) written.add(key)
    expect("keys", await dictionary.ask.size(), written.size)
  },
}
