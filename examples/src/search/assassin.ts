/** Kills workers on purpose, spread over the whole run, each time another way. */
import type { ActorRef, Pool } from "heddle"
import type { Indexer } from "./indexer.ts"

/** How workers came to their end. */
export interface Toll {
  /** Threw an error. */
  threw: number
  /** Were killed by `kill()`. */
  killed: number
  /** Died with their isolate. */
  isolates: number
  /** Jobs whose worker was gone before it answered. */
  repeated: number
  /** Lives after the first, of all workers. */
  restarts: number
}

/** Strikes `kills` times while `jobs` jobs are done. */
export class Assassin {
  readonly toll: Toll = { threw: 0, killed: 0, isolates: 0, repeated: 0, restarts: 0 }
  readonly #workers: Pool<Indexer>
  readonly #kills: number
  readonly #jobs: number
  #struck = 0

  constructor(workers: Pool<Indexer>, kills: number, jobs: number) {
    this.#workers = workers
    this.#kills = kills
    this.#jobs = jobs
  }

  /** To be called when a job is handed out. */
  strike(job: number): void {
    while ((job + 1) * this.#kills > this.#struck * this.#jobs) {
      const { members } = this.#workers
      this.#end(members[this.#struck % members.length] as ActorRef<Indexer>, this.#struck % 3)
      this.#struck++
    }
  }

  #end(worker: ActorRef<Indexer>, way: number): void {
    if (way === 0) {
      this.toll.killed++
      worker.kill()
    } else if (way === 1) {
      this.toll.threw++
      void worker.tell.fail()
    } else {
      this.toll.isolates++
      void worker.tell.endIsolate()
    }
  }
}
