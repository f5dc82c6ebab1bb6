/** All builtins of the bridge. */
import type { Builtin } from "../builtins.ts"
import type { Begin } from "../threads/index.ts"
import type { Bridge } from "./bridge.ts"
import { hostValueBuiltins } from "./host-values.ts"
import { actorBuiltins, blockingActorBuiltins } from "./natives-actors.ts"
import { blockingChannelBuiltins, channelBuiltins } from "./natives-channels.ts"
import { blockingLaterBuiltins, laterBuiltins } from "./natives-later.ts"
import { sharedBuiltins } from "./natives-shared.ts"

/** Those that may wait. */
function waiting(bridge: Bridge): Record<string, Begin> {
  return { ...blockingChannelBuiltins(bridge), ...blockingActorBuiltins(bridge) }
}

/** Those that coroutines can wait for. */
function awaitable(bridge: Bridge): Record<string, Begin> {
  const { channel_receive, channel_send, actor_ask } = waiting(bridge)
  return { channel_receive, channel_send, actor_ask } as Record<string, Begin>
}

/** The builtins that may wait: the first parts. */
export function blockingBridgeBuiltins(bridge: Bridge): Record<string, Begin> {
  return { ...waiting(bridge), ...blockingLaterBuiltins(bridge) }
}

/** The builtins that do not wait. */
export function bridgeBuiltins(bridge: Bridge): Record<string, Builtin> {
  return {
    ...channelBuiltins(bridge),
    ...actorBuiltins(bridge),
    ...hostValueBuiltins(bridge),
    ...sharedBuiltins(bridge),
    ...laterBuiltins(bridge, awaitable(bridge)),
  }
}
