/** Channels: bounded queues of values between any isolates. */
export type { Hit, SelectCase } from "./cases.ts"
export { type Channel, type ChannelOptions, channel } from "./channel.ts"
export type { Receiver, Sender } from "./ends.ts"
export {
  type Broadcast,
  type BroadcastOptions,
  broadcast,
  type Subscription,
} from "./flavors/broadcast.ts"
export { after, every, never, type Timer } from "./flavors/timer.ts"
export type { SyncOptions, WaitOptions } from "./options.ts"
export type { Batch, Received } from "./receive.ts"
export type { WhenReceiverDies } from "./remains.ts"
export { type Select, select } from "./select.ts"
export type { Selectable, SendCase } from "./selectable.ts"
export type { ChannelStatistics } from "./statistics.ts"
