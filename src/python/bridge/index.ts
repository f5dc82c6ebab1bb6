/** The bridge between Python and TypeScript: `import heddle`, and values of calls. */
export { Bridge } from "./bridge.ts"
export { blockingBridgeBuiltins, bridgeBuiltins } from "./natives.ts"
