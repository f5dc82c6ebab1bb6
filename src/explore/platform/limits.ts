/**
 * Bounds under the explorer: tiny, so that full queues and changes of mode are met in ten steps.
 *
 * What is not named here is as in production.
 */
export * from "../../internal/platform/limits.ts"

/** A holder's bit and its neighbours. */
export const ISOLATES_MAX = 4

/** An empty magazine, a full one and the way between are two blocks apart. */
export const MAGAZINE_BLOCKS = 2

/** Two size classes: four blocks of 64 bytes, or two of 128; a block of more is a run. */
export const CHUNK_BYTES = 256

/** Never reached: a spinning model thread is continued when the guard changes, and needs no nap. */
export const GUARD_SPINS = 1 << 30

/** In the model a write is seen at once: one look is enough. */
export const CONDEMN_LOOKS = 1

/** Sections and sheltered steps end: nobody's patience does. */
export const CONDEMN_NAPS = Infinity

/** A look before sleeping shows nothing that the look after it would not. */
export const IDLE_SPIN_US = 0

/** One message in hand and one on its way. */
export const GROUP_MESSAGES = 2

/** As many as are sent together. */
export const RELEASE_MESSAGES = 2

/** Waiting is waiting: looks before it show nothing new. */
export const RECEIVE_LOOKS = 0

/** Lone after two, so that a test of three messages sees both modes. */
export const LONE_AFTER_MESSAGES = 2

/** One message outside a lease, one inside it, then it may be given up. */
export const LEASE_AFTER_OPERATIONS = 2

/** A lease of one message. */
export const LEASE_MESSAGES = 1

/** One look: more show nothing that a later first one would not. */
export const LEASE_LOOKS = 1

/** One message without leases. */
export const LEASE_REST_MESSAGES = 1

/** Some, and not all. */
export const STEAL_TASKS = 2

/** One kept back and one that completes the group. */
export const COMPLETION_GROUP = 2

/** Two slots between looks, so that a look comes in the middle of a test. */
export const LOOK_MESSAGES = 2

/** Messages that wait in a mailbox unless told otherwise. */
export const MAILBOX_CAPACITY = 2
