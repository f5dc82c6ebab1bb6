/** Sizes of the Savina programs that several languages run. */

/** Actors of the ring. */
export const RING_ACTORS = 100
/** Hops of its token. */
export const RING_HOPS = 100_000
/** Actors that ping each other. */
export const BIG_ACTORS = 120
/** Pings of each. */
export const BIG_PINGS = 20_000
