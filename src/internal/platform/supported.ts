/**
 * Refuses a Node that is too old, in words: evaluated before what only a new one has is used.
 *
 * An engine reads every file before it evaluates the first. So that an older one comes as far as
 * this, what is published keeps to the syntax of ES2023, and takes what only new Nodes have from
 * `node:` modules as a property instead of by name: test/package/older-node.ts.
 */

/** The oldest Node that has all Heddle needs: the field `engines` of package.json. */
const NODE_MAJOR_MIN = 24

const { versions, execPath } = process

if (Number.parseInt(versions.node, 10) < NODE_MAJOR_MIN) {
  const found = `this is Node ${versions.node}, ${execPath}`
  const refusal = new Error(`Heddle needs Node ${NODE_MAJOR_MIN} or newer; ${found}`)
  // No class of ours: whoever could ask for it has loaded Heddle.
  throw Object.assign(refusal, { code: "ERR_HEDDLE_NODE_VERSION" })
}

export {}
