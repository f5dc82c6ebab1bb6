/**
 * Where everything lies in shared memory, in 32-bit words.
 *
 * ```
 * 0          head of the memory: version, counters of the runtime
 * PAGES      one page per isolate, ISOLATES_MAX of them
 * GUARD      the arena's guard and free lists
 * TABLE      one row per chunk
 * chunks     from the first chunk boundary after the table to the end
 * ```
 *
 * Words written often by different isolates lie on lines of their own (16 words).
 */
import { CHUNK_BYTES, ISOLATES_MAX, MAGAZINE_BLOCKS } from "#platform/limits"

/** Changes whenever an offset does; two copies of the package must not share memory. */
export const LAYOUT_VERSION = 2

/** Words of one cache line. */
export const LINE = 16

/** Word of the head: the layout version this memory was made with. */
export const HEAD_VERSION = 1
/** Word of the head: changes whenever an isolate died, so that everyone looks again. */
export const HEAD_DEATHS = 3
/** Word of the head: serial numbers handed out to shared buffers. */
export const HEAD_SERIALS = 5
/** Word of the head: isolates that are spinning now. */
export const HEAD_SPINNERS = 16

/** Word of the head: one more than the highest slot ever used; whoever looks at all stops there. */
export const HEAD_SLOTS = 4
/** Word of the head: token of the dead isolate whose affairs main is putting in order, or 0. */
export const HEAD_REAPING = 6
/** Words of the head: one bit per isolate that looks for work and found none. */
export const HEAD_IDLE = 48
/** Word of the head: a bit for each isolate that wants a fork of somebody's join; two share one. */
export const HEAD_WANTED = 50

/** Words of the head: guard and first node of the names of actors. */
export const HEAD_NAMES = 52
/** Words of the head: one bit per isolate that reads dead letters. */
export const HEAD_LETTERS = 54

/** First word of the isolates' pages. */
const PAGES = 64

/** Offsets in an isolate's page. */
export const PAGE = {
  /** Token of the living isolate here, 0 when the place is free or its isolate died. */
  TOKEN: 0,
  /** Not 0 once its starter wants it dead: it enters no guard any more. See `condemn`. */
  CONDEMNED: 1,
  /** Which guard it is inside, or is about to enter, else 0; nobody ends it then. */
  GUARDED: 2,
  /** How the last isolate in this place ended: a number of `isolate/reap.ts`, and its exit code. */
  DEATH_REASON: 3,
  DEATH_CODE: 4,
  /**
   * Block in which messages are encoded, 0 before the first; the next isolate in this place
   * inherits it.
   */
  SCRATCH: 5,
  /** Free records of messages to actors, a chain; the next isolate in this place inherits it. */
  RECORDS: 6,
  /** 1 when it runs neither tasks nor actors. */
  APART: 7,
  /** Free records of tasks, likewise a chain. */
  TASK_RECORDS: 8,
  /** How many sheltered steps it is in; nobody ends it then either. */
  SHELTERED: 9,
  /** Lives in this place so far. */
  LIVES: 10,
  /** Free blocks for actors, a chain like `RECORDS`. */
  ACTORS: 11,
  /** Changes when there is something in the inbox. */
  DOORBELL: 16,
  /** Not 0 while it sleeps and wants a `notify`: at which value of the doorbell it fell asleep. */
  SLEEPING: 17,
  /** Tops of the inboxes, a stack of nodes each, which successive lives use in turn. */
  INBOXES: 32,
  /** Tasks queued here: guard, first, last, how many. */
  TASKS: 48,
  /** Forks that this isolate has given away, likewise. */
  FORKS: 52,
  /** Counters, written only by this isolate. */
  COUNTERS: 64,
  /** Free blocks kept at hand: per size class a count and as many block numbers. */
  MAGAZINES: 96,
} as const

/** Bytes of the smallest block; each size class doubles it. */
export const BLOCK_BYTES = 64

/** Size classes within a chunk, the largest of half a chunk: 64 bytes to 32 KiB. */
export const CLASSES = Math.log2(CHUNK_BYTES / BLOCK_BYTES)

/** Inboxes of one place: whoever tells somebody who has died is not that many lives late. */
export const INBOXES = 8

/** Size classes with a magazine: 64 to 2,048 bytes. */
export const MAGAZINE_CLASSES = Math.min(6, CLASSES)

/** Words of one magazine. */
export const MAGAZINE_WORDS = 1 + MAGAZINE_BLOCKS

const PAGE_USED = PAGE.MAGAZINES + MAGAZINE_CLASSES * MAGAZINE_WORDS

/** Words of one isolate's page, in whole lines. */
const PAGE_WORDS = Math.ceil(PAGE_USED / LINE) * LINE

/** The arena's own words. */
export const ARENA = PAGES + ISOLATES_MAX * PAGE_WORDS

/** Words of one chunk. */
export const CHUNK_WORDS = CHUNK_BYTES / 4

/** First word of the page of the isolate in `slot`. */
export function pageOf(slot: number): number {
  return PAGES + slot * PAGE_WORDS
}

/** First word of the page that `word` lies in. */
export function pageAround(word: number): number {
  return word - ((word - PAGES) % PAGE_WORDS)
}
