/** The bridge between Python and TypeScript: `import heddle`, and values of calls. */
export { Bridge } from "./bridge.ts"
export { Exchange, hostValueBuiltins } from "./host-values.ts"
export { blockingChannelBuiltins, channelBuiltins } from "./natives-channels.ts"
