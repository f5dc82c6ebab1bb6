/**
 * Every default bound of the house, with its unit and the sentence why.
 *
 * The explorer has a twin of this file with tiny numbers, so that full queues are met in ten steps.
 */

// Shared memory.

/** Isolates per runtime, main included: a holder is one bit of two words. */
export const ISOLATES_MAX = 64

/**
 * Bytes reserved for shared memory; the operating system commits a page when it is first touched.
 */
export const MEMORY_BYTES = 1 << 30

/** Smallest arena that holds the fixed part and some blocks, in bytes. */
export const MEMORY_BYTES_MIN = 4 << 20

/** Largest arena: a word's index stays a small integer. */
export const MEMORY_BYTES_MAX = 4 * (1 << 30)

/** Bytes of one arena chunk: large enough to carve cheaply, small enough to give back. */
export const CHUNK_BYTES = 64 << 10

/** Free blocks an isolate keeps per size class, so that most acquires touch no shared line. */
export const MAGAZINE_BLOCKS = 64

/** The part of the memory that an isolate keeps of one kind of block at most: one of so many. */
export const KEPT_SHARE = 512

/** Bytes in which a message is encoded before it gets a block of its own size. */
export const SCRATCH_BYTES = 32 << 10

/**
 * New handles after which garbage is collected: the heap does not show what shared memory they
 * hold.
 */
export const HANDLES_PER_COLLECTION = 65_536

/**
 * Bytes of new shared buffers after which garbage is collected: the heap does not show them.
 */
export const SHARED_BYTES_PER_COLLECTION = 128 << 20

// Guards, and ending who may be inside.

/** Tries on a held guard before the thread sleeps: a critical section lasts under a microsecond. */
export const GUARD_SPINS = 200

/** Milliseconds a thread sleeps between looks at a guard whose owner was descheduled. */
export const GUARD_NAP_MS = 1

/**
 * Looks in a row that must find an isolate outside all guards before it is ended: some
 * microseconds.
 */
export const CONDEMN_LOOKS = 200

/**
 * Naps of GUARD_NAP_MS until an isolate is ended although it is in sheltered steps or inside a
 * guard: that takes microseconds, unless a huge value is read, or its thread has ended there when
 * its heap was full.
 */
export const CONDEMN_NAPS = 200

// The loop of an isolate.

/**
 * Microseconds an isolate without work spins before it parks: the price of a cold wake, and its
 * answer.
 */
export const IDLE_SPIN_US = 50

/** Milliseconds an isolate without work naps, its event loop still, before it parks. */
export const IDLE_NAP_MS = 0.1

/** Milliseconds of uninterrupted own work before an isolate lets timers and sockets have a turn. */
export const TURN_MS = 2

/** Awaits that find their value ready before the clock is asked whether timers must have a turn. */
export const TURN_CHECK_MESSAGES = 256

/**
 * Milliseconds between tries of something that found no shared memory and must happen all the same.
 */
export const RETRY_MS = 10

/** Milliseconds of the longest timer of the host, 24.8 days; what is longer never ends. */
export const TIMER_MS_MAX = 2 ** 31 - 1

/** Milliseconds between two notes of how much of its heap an isolate uses. */
export const HEAP_SAMPLE_MS = 50

// Locks.

/** Milliseconds an isolate may take a lock again and again past others that wait for it. */
export const OVERTAKE_MS = 1

// Channels.

/** Messages a channel holds unless told otherwise. */
export const CHANNEL_CAPACITY = 4096

/** Largest capacity of a channel, in messages. */
export const CHANNEL_CAPACITY_MAX = 1 << 24

/** Messages a lone sender publishes together, and at most a quarter of the capacity. */
export const GROUP_MESSAGES = 256

/** Slots a lone receiver gives back together, and at most a quarter of the capacity. */
export const RELEASE_MESSAGES = 4096

/** Messages a lone end moves before it looks whether anybody waits for it or asks for the end. */
export const LOOK_MESSAGES = 32

/**
 * Looks for a value before a receiver stands in line, some 12 microseconds: a sender that awaits
 * each of its sends publishes its next group in that time.
 */
export const RECEIVE_LOOKS = 400

/** Milliseconds between two messages of a lone sender above which each is published by itself. */
export const SLOW_MESSAGE_MS = 0.004

/** Messages one isolate alone must have sent or received before an end becomes its own. */
export const LONE_AFTER_MESSAGES = 1024

/**
 * Operations of one isolate in one turn on an end that several use, before it keeps the end for
 * a while: a lease costs two of them.
 */
export const LEASE_AFTER_OPERATIONS = 32

/** Messages a leased end moves before it looks whether somebody asks for it: a microsecond. */
export const LEASE_MESSAGES = 256

/** Looks for a leased end before who asks for it stands in line: twice what a lease lasts. */
export const LEASE_LOOKS = 300

/** Messages without leases after somebody has looked in vain; twice as many the next time. */
export const LEASE_REST_MESSAGES = 1 << 10

/** Numbers copied at once, inside a guard: some microseconds. */
export const BULK_NUMBERS = 1 << 14

// Tasks.

/** Submitted tasks held back at most before they are published together. */
export const SUBMIT_GROUP = 256

/** Tasks taken from another isolate at once: enough to pay for the guard, few enough to share. */
export const STEAL_TASKS = 128

/** Finished tasks reported together to the isolate that waits for them. */
export const COMPLETION_GROUP = 128

/** Tasks run in one turn before the inbox is looked at again. */
export const RUN_TASKS = 256

/** Small tasks run one after the other without asking the clock. */
export const TASKS_UNTIMED = 16

/** Milliseconds in which tasks have run that count as small: the next ones are likely so too. */
export const TASKS_UNTIMED_MS = 0.05

/**
 * Milliseconds of queued work that are worth waking one more isolate for: it takes about as long to
 * wake.
 */
export const WAKE_WORTH_MS = 0.1

/** Groups of small tasks that may wait for an isolate at work before another one is woken. */
export const GROUPS_AHEAD = 4

/**
 * Milliseconds for which tasks are left to an isolate that has fewer, after one went on here: about
 * what a woken thread waits for a core where all are taken.
 */
export const LEAVE_MS = 5

/** Milliseconds after which an isolate that has left tasks looks whether they were taken. */
export const LEAVE_LOOK_MS = 1

/** As `LEAVE_MS`, while that isolate is starting. */
export const LEAVE_STARTING_MS = 60

/** With more tasks waiting than this none are left to others: there are some for everyone. */
export const LEFT_TASKS_MAX = 64

/** Free task records an isolate keeps at hand, 2 MiB: the tasks of a wave of ten thousand. */
export const TASK_RECORDS_KEPT = 16_384

/** Submissions of one function that note where they came from; later ones repeat the last note. */
export const STACKS_PER_CODE = 256

/**
 * Milliseconds after which the noted stack of a submission becomes text, if no error has asked for
 * it.
 */
export const STACK_TEXT_MS = 100

/** Milliseconds a cancelled task has to stop before `kill: true` ends its isolate. */
export const KILL_GRACE_MS = 50

// Parallel loops.

/**
 * Milliseconds of work in one chunk of a parallel loop: long against handing it over, short to wait
 * for.
 */
export const CHUNK_MS = 1

/** Items in one chunk of a parallel loop: 512 KiB of numbers. */
export const CHUNK_ITEMS_MAX = 1 << 16

/** Items in one chunk when the function is asynchronous: they run at the same time. */
export const CHUNK_ITEMS_ASYNC = 16

/**
 * Chunks a parallel loop is cut into at least, per isolate, so that all end at about the same time.
 */
export const CHUNKS_PER_ISOLATE = 4

/** Chunks of one parallel loop on their way at a time, per isolate: one runs, two wait. */
export const CHUNKS_IN_FLIGHT = 3

/**
 * How much larger than the one measured a chunk may be: the first items are slow, being the first.
 */
export const CHUNK_GROWTH = 32

// Forks.

/** Forks run one within the other while their isolate waits: each takes its part of the stack. */
export const FORK_HELP_DEPTH = 32

/** Milliseconds between looks at the ports of an isolate that waits for a fork. */
export const FORK_PORTS_MS = 5

/** Milliseconds below which handing a fork over was not worth it. */
export const FORK_WORTH_MS = 0.005

/** Forks at most that are not offered, after handing over was not worth it. */
export const FORKS_KEPT_MAX = 4096

// Isolates: their start, their heap, their end.

/** Milliseconds an isolate may take to start before it counts as failed. */
export const START_TIMEOUT_MS = 30_000

/** Starts of an isolate that may fail one after the other before nobody tries again. */
export const START_FAILURES_MAX = 3

/** Milliseconds after which all isolates start, although the first does not run yet. */
export const START_REST_MS = 100

/** Milliseconds that the first isolate runs alone: it loads its first task's module meanwhile. */
export const RUN_ALONE_MS = 20

/** Milliseconds after which a thread that was interrupted, and has not ended, is so again. */
export const INTERRUPT_AGAIN_MS = 50

/**
 * Megabytes of an isolate's old heap, as the engine gives main on a large machine. At most half of
 * the memory there is: one isolate that runs away is ended before the process is.
 */
export const ISOLATE_HEAP_MB = 4096

/**
 * Least megabytes of an isolate's old heap. The engine ends a thread whose heap is full only
 * between two steps of its collector: in a smaller heap one allocation can overshoot, and the
 * engine aborts the whole process.
 */
export const ISOLATE_HEAP_MB_MIN = 256

/** Megabytes of an isolate's young heap: parsers and servers make much garbage that dies young. */
export const ISOLATE_YOUNG_HEAP_MB = 192

/**
 * The young heap is at most this part of the old one. A collection may move a third of it into the
 * old heap at once, and a thread whose old heap is full is ended in order only while it is less
 * than 16 MB beyond its limit: otherwise the engine aborts the process.
 */
export const ISOLATE_YOUNG_HEAP_PART = 16

/**
 * Milliseconds that the end of the program waits for what isolates have written, while one of them
 * does not come to its event loop.
 */
export const OUTPUT_GRACE_MS = 1_000

/** Milliseconds `shutdown` waits for running tasks unless told otherwise. */
export const SHUTDOWN_GRACE_MS = 5_000

// Actors.

/** Messages that wait in a mailbox unless told otherwise. */
export const MAILBOX_CAPACITY = 1 << 16

/** Blocks for actors that an isolate takes at once: 2 KiB. */
export const OBJECTS_IN_STOCK = 16

/** Free message records an isolate keeps at hand: 64 KiB. */
export const RECORDS_KEPT = 1024

/** References taken at once for messages that will name an actor. */
export const REFERENCES_IN_STOCK = 256

/** Messages to an actor abroad that are posted together: as many as pay for guard and bell. */
export const POST_GROUP = 128

/** Messages an isolate's actors handle for each other before promises that wait for them go on. */
export const LOCAL_MESSAGES = 1024

/** Milliseconds a killed actor has to let go of its isolate before that is ended. */
export const ACTOR_KILL_MS = 100

/**
 * Milliseconds an isolate may look at nothing it is told while an actor there is to be killed, when
 * it cannot be known whose code runs.
 */
export const ISOLATE_STUCK_MS = 5_000

/** Milliseconds after which an isolate says again which trees that it ends have not ended. */
export const TREE_REPORT_MS = 10

/** Milliseconds that a start waits for the isolate that succeeds in the actor's fixed place. */
export const SUCCESSOR_MS = 5_000

// Python.

/** Interpreters of one Python at a time; those that nobody has used yet have no thread. */
export const PYTHON_INTERPRETERS_MAX = 1024

/** Interpreters whose threads start before anybody uses them, per core. */
export const PYTHON_EAGER_PER_CORE = 4

/** Smallest bound on an interpreter's memory: what CPython has taken when it runs. */
export const PYTHON_MEMORY_BYTES_MIN = 48 << 20

/** Largest memory of an interpreter: pointers have 32 bits. */
export const PYTHON_MEMORY_BYTES_MAX = 4 * (1 << 30)

/**
 * Pipes of one Python, and of those that it starts, that are open at a time: their ends have
 * numbers that `select` takes.
 */
export const PYTHON_PIPES_MAX = 256

/** Names of Python of whose calls an isolate notes the stacks; with more it begins anew. */
export const PYTHON_CALLERS_MAX = 1024

/** Bytes a pipe holds, as Linux's do. */
export const PYTHON_PIPE_BYTES = 65_536

/** Processes of one Python that it has started and not waited for. */
export const PYTHON_CHILDREN_MAX = 64

/** Milliseconds after which a signal that nobody has taken is told again. */
export const PYTHON_SIGNAL_RETRY_MS = 1
