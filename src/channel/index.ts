/** Channels: bounded queues of values between any isolates. */
export { type Channel, type ChannelOptions, channel, type Received } from "./channel.ts"
export type { WhenReceiverDies } from "./core.ts"
export type { WaitOptions } from "./operations.ts"
