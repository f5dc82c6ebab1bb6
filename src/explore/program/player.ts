/**
 * A task of an explored program, in a simulated isolate of its own; the first is the program.
 *
 * A task that is to be left in the middle of synchronous code cannot be: its code is left by a
 * signal, and when it goes on it runs again from its start, answered from its log up to where it
 * was. Each such run is a *take*.
 */
import { TaskContext } from "../../task/context.ts"
import type { Deed, Entry } from "./entry.ts"
import type { StagedTask } from "./task.ts"

/** How a task has ended. */
export type Ending =
  | { readonly state: "completed"; readonly value: unknown }
  | { readonly state: "failed"; readonly error: unknown }
  | { readonly state: "died"; readonly error: unknown }

/** Something that happened to a task, so that it can happen again. */
export type Event =
  | { readonly name: string; readonly answer: unknown; readonly threw: boolean }
  /**
   * A deed was tried: the one with this number, or one that others entered; when all code had run,
   * or amid code, before its next operation.
   */
  | { readonly attempted: number | Deed; readonly amid: boolean }

/** What a task can know of itself: its code, and what that awaits, is known to be of its take. */
export class StagedContext extends TaskContext {
  readonly take: Take

  constructor(take: Take) {
    super(take.player.isolate)
    this.take = take
  }

  override get isolate(): number {
    return this.take.player.isolate
  }

  override part(): StagedContext {
    return new StagedContext(this.take)
  }
}

/** One run of a task's code. */
export class Take {
  readonly player: Player
  readonly context: StagedContext
  /** Events answered so far. */
  position = 0
  /** Deeds entered so far. */
  readonly deeds: Deed[] = []
  #tasks: Map<Player, StagedTask<unknown>> | undefined
  /** What it promised will never be: another take goes on, or the task is dead. */
  over = false
  /** It is in the middle of an operation: what that does is part of it. */
  busy = false

  constructor(player: Player) {
    this.player = player
    this.context = new StagedContext(this)
  }

  /** The tasks it has started, as it sees them. */
  get tasks(): Map<Player, StagedTask<unknown>> {
    this.#tasks ??= new Map()
    return this.#tasks
  }
}

/** One task. */
export class Player {
  /** Stable across the executions of one exploration. */
  readonly key: number
  /** Order of creation in this execution: the simulated isolate, 0 is main. */
  readonly isolate: number
  readonly name: string
  readonly parent: Player | undefined
  /** The place that all its steps write. */
  readonly place: number
  readonly entries: (Entry | undefined)[] = []
  /** Entries of deeds that its code has entered, by number; undefined once they are done. */
  readonly entered: (Entry | undefined)[] = []
  /** Deeds entered since it was chosen last, not tried yet. */
  readonly fresh: Entry[] = []
  readonly log: Event[] = []
  take: Take
  /** Runs its code from the start. */
  start: () => void = () => {}
  /** The operation in the middle of synchronous code that it was left at. */
  held: Deed | undefined
  /** Where, in a traced execution. */
  heldAt = ""
  /** Its code has waited for something. */
  hasWaited = false
  /** Its code stands in the middle, and code of another task runs on top of it. */
  isBelow = false
  /** Looks in a row since anything has changed, and how much had changed then. */
  looks = 0
  seen = -1
  /** Tasks started so far. */
  children = 0
  ending: Ending | undefined
  /** Somebody has asked what became of it. */
  heard = false
  /** Its code wants to hear of the end of this task. */
  awaited = false
  /** Its tasks that have ended, of whose end its code wants to hear and has not heard. */
  readonly mail: Player[] = []
  /** The place that the order in its mail depends on. */
  mailPlace = -1
  /** Hears of them. */
  inbox: Deed | undefined
  begun = false
  /** Actors that live in its isolate beside its code. */
  guests = 0
  /** It carries an actor, whose name is its own. */
  isActor = false
  /** Whether it only waits for what may come, where it goes on until it is ended. */
  idle: (() => boolean) | undefined
  /** What it knows of the steps of others, for data races; own time starts at 1. */
  readonly clock: number[] = []

  constructor(
    key: number,
    isolate: number,
    name: string,
    parent: Player | undefined,
    place: number,
  ) {
    this.key = key
    this.isolate = isolate
    this.name = name
    this.parent = parent
    this.place = place
    this.take = new Take(this)
    this.clock[isolate] = 1
  }

  /** How reports call it where it is known that it is a task. */
  get title(): string {
    if (this.isActor) return this.name
    if (this.isolate === 0) return "main"
    return this.name === "" ? `task ${this.isolate}` : `${this.isolate} ${this.name}`
  }

  /** How reports call it among other things. */
  get label(): string {
    if (this.isActor) return this.name
    return this.name === "" ? `task ${this.isolate}` : `task ${this.isolate} ${this.name}`
  }
}
