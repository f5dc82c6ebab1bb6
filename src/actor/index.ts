/** Actors: state with a mailbox, one message at a time, whose failures have an owner. */
export { Actor } from "./actor.ts"
export { type Bus, type BusEvents, type BusListening, type BusSubscription, bus } from "./bus.ts"
export { type ActorChildOptions, child } from "./child.ts"
export { type DeadLetter, deadLetters } from "./dead-letters.ts"
export type { ExitReason } from "./exit.ts"
export type { ActorInbox, InboxOptions } from "./inbox.ts"
export { type ActorExit, link, monitor, register, whereis } from "./link.ts"
export { type Pool, type PoolOptions, pool } from "./pool.ts"
export type { ActorRef, ActorStatistics, AskOptions, Takes } from "./ref.ts"
export { type Router, type RouterOptions, type RouterStatistics, router } from "./router.ts"
export { actor, type SpawnOptions, spawn } from "./spawn.ts"
export type { ChildOptions, ChildSpec, SupervisorOptions } from "./spec.ts"
export {
  type ChildCounts,
  type ChildInfo,
  type Supervisor,
  subtree,
  supervise,
} from "./supervisor.ts"
export type { SupervisorActor } from "./supervisor-actor.ts"
