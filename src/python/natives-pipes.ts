/** The builtins of pipes, and pipes as open files of Pyodide's file system. */
import { load } from "#platform/atomics"
import type { Arguments, Builtin } from "./builtins.ts"
import type { Pyodide } from "./c-api.ts"
import type { Inside } from "./inside.ts"
import { block } from "./natives-wait.ts"
import { bool, intTuple, none, smallInt } from "./numbers.ts"
import {
  changesOf,
  closeEnd,
  isBroken,
  isOpen,
  isReadEnd,
  isReady,
  type Moved,
  movedWord,
  noteUser,
  openPipe,
  PIPE_FD,
  PIPE_FD_END,
  readPipe,
  writePipe,
} from "./pipe.ts"
import type { Threads } from "./threads/index.ts"

/** Numbers of errors, as WASI has them. */
const ERRNO = { AGAIN: 6, BADF: 8, INTR: 27, MFILE: 33, PIPE: 64 } as const

const NONBLOCK = 0o4000
const FIFO_MODE = 0o010600

/** The end of a pipe that a number means: those of the standard streams may mean one. */
function endOf({ streams }: Inside, fd: number): number {
  const end = streams[fd] ?? -1
  return end < 0 ? fd : end
}

/** At which ends the green threads of one interpreter are reading or writing. */
export class Users {
  readonly #inside: Inside
  readonly #threads: Threads
  readonly #idents = new Map<number, Set<number>>()

  constructor(inside: Inside, threads: Threads) {
    this.#inside = inside
    this.#threads = threads
  }

  /** Whether the running thread uses this end. */
  has(fd: number): boolean {
    return this.#idents.get(fd)?.has(this.#threads.ident) === true
  }

  /** The running thread uses this end; it may say so again. */
  begin(fd: number): void {
    const idents = this.#idents.get(fd)
    if (idents !== undefined) {
      idents.add(this.#threads.ident)
      return
    }
    this.#idents.set(fd, new Set([this.#threads.ident]))
    noteUser(this.#inside.at, this.#inside.world, fd, true)
  }

  /** It is done, if it used it. */
  end(fd: number): void {
    const idents = this.#idents.get(fd)
    if (idents === undefined || !idents.delete(this.#threads.ident) || idents.size > 0) return
    this.#idents.delete(fd)
    noteUser(this.#inside.at, this.#inside.world, fd, false)
  }
}

/** The builtins on pipes for one interpreter. */
export function pipeBuiltins(inside: Inside, users: Users): Record<string, Builtin> {
  const { c, at, world } = inside
  const fdOf = (args: Arguments): number => endOf(inside, smallInt(c, args.pointer(0)) ?? -1)
  return {
    /** The two ends of a new pipe; None when there are too many. */
    pipe_open: () => {
      const fd = openPipe(at, world)
      return fd === 0 ? none(c) : intTuple(c, [fd, fd + 1])
    },
    /** What to wait for before a read or a write: (word, seen); None when it would not wait. */
    pipe_wait: (args) => {
      const fd = fdOf(args)
      if (!users.has(fd) && !isOpen(at, world, fd)) return none(c)
      const changes = changesOf(at, world, fd)
      if (changes === undefined || isReady(at, world, fd)) return none(c)
      users.begin(fd)
      return intTuple(c, changes)
    },
    /** What is read or written here from now on goes on, though another thread closes the end. */
    pipe_use: (args) => {
      const fd = fdOf(args)
      if (isOpen(at, world, fd)) users.begin(fd)
      return none(c)
    },
    /** What `pipe_wait` or `pipe_use` was asked for has been done, or given up. */
    pipe_done: (args) => {
      users.end(fdOf(args))
      return none(c)
    },
    /** What changes when any pipe does: (word, seen). */
    pipes_moved: () => {
      const word = movedWord(at.words, world)
      return intTuple(c, [word, load(at.words, word)])
    },
    pipe_is_open: (args) => bool(c, isOpen(at, world, fdOf(args))),
  }
}

/** What we use of an open file of Emscripten. */
interface Stream {
  readonly fd: number
  readonly flags: number
}

/** What we use of Emscripten's file system. */
interface FileSystem {
  readonly streams: (Stream | null | undefined)[]
  readonly MAX_OPEN_FDS: number
  /** The lowest number that no open file has. */
  nextfd(): number
  getStream(fd: number): Stream | null | undefined
  getStreamChecked(fd: number): Stream
  createStream(stream: object, fd: number): Stream
  readonly ErrnoError: new (errno: number) => Error
}

/** Makes the numbers of pipes open files of this interpreter, wherever they were opened. */
export function installPipes(python: Pyodide, inside: Inside, users: Users): void {
  const fs = python.FS as unknown as FileSystem
  const { at, world } = inside
  const fail = (errno: number): never => {
    throw new fs.ErrnoError(errno)
  }
  const operations = streamOperations(inside, users, fail)
  const own = fs.getStream.bind(fs)
  const get = (number: number): Stream | null | undefined => {
    const fd = endOf(inside, number)
    if (fd < PIPE_FD || fd >= PIPE_FD_END) return own(fd)
    if (!users.has(fd) && !isOpen(at, world, fd)) {
      fs.streams[fd] = null
      return null
    }
    const node = { mode: FIFO_MODE, node_ops: { getattr: () => attributes(fd) }, mount: {} }
    const flags = isReadEnd(fd) ? 0 : 1
    const stream = { node, flags, seekable: false, path: `pipe:${fd}`, stream_ops: operations }
    return own(fd) ?? fs.createStream({ ...stream, mode: FIFO_MODE }, fd)
  }
  fs.nextfd = () => {
    let fd = 0
    while (fs.streams[fd] != null || (fd >= PIPE_FD && fd < PIPE_FD_END)) fd++
    if (fd > fs.MAX_OPEN_FDS) throw new fs.ErrnoError(ERRNO.MFILE)
    return fd
  }
  fs.getStream = get
  fs.getStreamChecked = (fd) => get(fd) ?? fail(ERRNO.BADF)
}

/** What `fstat` tells of a pipe. */
function attributes(fd: number): object {
  const time = new Date(0)
  const times = { atime: time, mtime: time, ctime: time }
  const zero = { dev: 0, uid: 0, gid: 0, rdev: 0, size: 0, blocks: 0 }
  return { ...zero, ...times, ino: fd, mode: FIFO_MODE, nlink: 1, blksize: 4096 }
}

function streamOperations(inside: Inside, users: Users, fail: (errno: number) => never) {
  const { at, world } = inside
  /** Tries until something moved; without a switch of threads, for C is on the stack. */
  const insist = (stream: Stream, move: () => Moved): number => {
    const wasUser = users.has(stream.fd)
    try {
      return attempt(stream, move)
    } finally {
      if (!wasUser) users.end(stream.fd)
    }
  }
  const attempt = (stream: Stream, move: () => Moved): number => {
    for (;;) {
      const changes = changesOf(at, world, stream.fd)
      const moved = move()
      if (typeof moved === "number") return moved
      if (moved === "closed" || changes === undefined) return fail(ERRNO.BADF)
      if (moved === "broken") return fail(ERRNO.PIPE)
      if ((stream.flags & NONBLOCK) !== 0) return fail(ERRNO.AGAIN)
      if (load(at.words, inside.signal) !== 0) return fail(ERRNO.INTR)
      const [index, expected] = changes
      users.begin(stream.fd)
      block(inside, { words: at.words, index, expected }, Number.POSITIVE_INFINITY)
    }
  }
  const part = (buffer: Int8Array, offset: number, length: number): Uint8Array =>
    new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length)
  return {
    read: (stream: Stream, buffer: Int8Array, offset: number, length: number): number =>
      insist(stream, () => readPipe(at, world, stream.fd, part(buffer, offset, length))),
    write: (stream: Stream, buffer: Int8Array, offset: number, length: number): number =>
      insist(stream, () => writePipe(at, world, stream.fd, part(buffer, offset, length))),
    close: (stream: Stream): void => {
      closeEnd(at, world, stream.fd)
    },
    poll: (stream: Stream): number => {
      if (!isReady(at, world, stream.fd)) return 0
      if (isReadEnd(stream.fd)) return 0x41
      return isBroken(at, world, stream.fd) ? 0xc : 0x4
    },
  }
}
