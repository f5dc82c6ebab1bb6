import assert from "node:assert/strict"
import { cpSync, globSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { after, before, describe, it } from "node:test"
import { type RolldownPluginOption, rolldown } from "rolldown"
import { Chromium } from "../browser/chromium.ts"
import { calling } from "../browser/in-page.ts"
import { serve } from "../browser/site.ts"
import { FIXTURES } from "../cli/heddle.ts"
import { PRETENCE, PRETENDED, unreadable } from "./older-node.ts"
import { BIN, ROOT, type Stage, stage } from "./stage.ts"

const chromium = await Chromium.start()
const without = chromium === undefined && "no Chromium: not run"

describe("the packed package", () => {
  let at: Stage

  before(async () => {
    at = await stage()
    cpSync(join(FIXTURES, "closure.ts"), join(at.project, "closure.ts"))
  })

  after(async () => {
    await chromium?.close()
    rmSync(at.folder, { recursive: true, force: true })
  })

  it("holds what runs and what is read, no sources and no leftovers", () => {
    const installed = join(at.project, "node_modules", "heddle")
    assert.deepEqual(readdirSync(installed).sort(), [
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "dist",
      "package.json",
    ])
    const files = readdirSync(join(installed, "dist"), { recursive: true, withFileTypes: true })
    const strange = files.filter(
      (file) => file.isFile() && !/\.(js|js\.map|d\.ts)$/.test(file.name),
    )
    assert.deepEqual(strange, [])
  })

  it("has no condition that leads to sources, and runs where one is set", async () => {
    const text = readFileSync(join(at.project, "node_modules", "heddle", "package.json"), "utf8")
    assert.doesNotMatch(text, /"(source|model)"/)
    const flags = ["--conditions=source", "--conditions=model", "--import", "heddle/register"]
    assert.equal((await at.run("node", [...flags, "closure.ts"])).stdout, "15\n")
  })

  it("starts an isolate with the file that every program uses, and no other room", () => {
    const dist = join(at.project, "node_modules", "heddle", "dist")
    for (const file of ["isolate/bootstrap.js", "task/entry.js"]) {
      const text = readFileSync(join(dist, file), "utf8")
      const files = [...text.matchAll(/^import .*"([^"]+)";$/gm)].map(([, from]) => from)
      assert.deepEqual(files, ["../internal/platform/runtime.js"], file)
    }
  })

  it("leaves the manifest of the sources as it was", () => {
    const [kept, packed] = [at.copy, ROOT].map((folder) =>
      readFileSync(join(folder, "package.json"), "utf8"),
    )
    assert.equal(kept, packed)
  })

  it("runs a program by its command and by its import", async () => {
    const heddle = join(at.project, "node_modules", ".bin", "heddle")
    assert.equal((await at.run(heddle, ["run", "closure.ts"])).stdout, "15\n")
    const register = ["--import", "heddle/register", "closure.ts"]
    assert.equal((await at.run("node", register)).stdout, "15\n")
    // A checkout that is linked to has the command as it was built.
    const built = join(at.copy, "dist", "cli", "main.js")
    assert.equal((await at.run(built, ["run", "closure.ts"])).stdout, "15\n")
  })

  it("holds the modules that only install something: shared memory crosses", async () => {
    const program = [
      'import { go, move, sharedArray } from "heddle"',
      "const numbers = sharedArray(Int32Array, 1)",
      "await go(() => void numbers.fill(7))",
      "const length = await go((bytes) => bytes.length, move(new Uint8Array(9)))",
      "console.log(numbers[0], length)",
    ]
    writeFileSync(join(at.project, "shared.mjs"), program.join("\n"))
    const { stdout } = await at.run("node", ["--import", "heddle/register", "shared.mjs"])
    assert.equal(stdout, "7 9\n")
  })

  it("can be imported at every door", async () => {
    const doors = doorsOf(at)
    assert.ok(doors.length >= 5)
    writeFileSync(join(at.project, "doors.mjs"), doors.join("\n"))
    await at.run("node", ["doors.mjs"])
  })

  it("runs in a Node without WebAssembly; Python says that it needs it", async () => {
    const program = [
      'import { go } from "heddle"',
      'import { interpreter } from "heddle/python"',
      "console.log(await go((n) => n * 2, 21))",
      "await interpreter().catch((error) => console.log(error.message))",
    ]
    writeFileSync(join(at.project, "jitless.mjs"), program.join("\n"))
    const flags = ["--jitless", "--import", "heddle/register", "jitless.mjs"]
    const told = "Python needs WebAssembly: start Node without --jitless"
    assert.equal((await at.run("node", flags)).stdout, `42\n${told}\n`)
  })

  it("can be required at every door", async () => {
    const program = doorsOf(at).map((line) => line.replace(/^import (.+)$/, "require($1)"))
    writeFileSync(join(at.project, "doors.cjs"), program.join("\n"))
    await at.run("node", ["doors.cjs"])
  })

  it("can be read by older Nodes, all but what the command line loads later", () => {
    const dist = join(at.project, "node_modules", "heddle", "dist")
    const files = globSync("**/*.js", { cwd: dist })
    const later = /^(browser|cli.(?!main.js))|^internal.platform.entry.js$/
    const read = files.filter((file) => !later.test(file))
    assert.ok(read.length > 20)
    assert.deepEqual(
      read.flatMap((file) => unreadable(join(dist, file))),
      [],
    )
  })

  it("says to an older Node, at every door, which one it needs", async () => {
    const doors = doorsOf(at).map((line) => JSON.parse(line.slice("import ".length)) as string)
    const program = [
      `for (const door of ${JSON.stringify(doors)}) {`,
      "  const error = await import(door).catch((error) => error)",
      "  console.log(error.code, error.message)",
      "}",
    ]
    writeFileSync(join(at.project, "pretence.mjs"), PRETENCE)
    writeFileSync(join(at.project, "older.mjs"), program.join("\n"))
    const { stdout } = await at.run("node", ["--import", "./pretence.mjs", "older.mjs"])
    const sentence = `Heddle needs Node 24 or newer; this is Node ${PRETENDED}, `
    const lines = stdout.trim().split("\n")
    assert.equal(lines.length, doors.length)
    for (const line of lines)
      assert.ok(line.startsWith(`ERR_HEDDLE_NODE_VERSION ${sentence}/`), line)
    const heddle = join(at.project, "node_modules", "heddle", "dist", "cli", "main.js")
    await assert.rejects(
      at.run("node", ["--import", "./pretence.mjs", heddle, "run", "closure.ts"]),
      (error: Error) => error.message.includes(`\nheddle: ${sentence}`),
    )
    const { engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      engines: { node: string }
    }
    assert.equal(engines.node, ">=24")
  })

  it("is bundled for pages with its own plugin", { skip: without }, async () => {
    const program = [
      'import { go } from "heddle"',
      "const k = 2",
      "export const times = () => go((n) => n * k, 21)",
    ]
    writeFileSync(join(at.project, "page.mjs"), program.join("\n"))
    const plugin = join(at.project, "node_modules", "heddle", "dist", "lift", "bundler-plugin.js")
    const { heddle } = (await import(plugin)) as { heddle(): RolldownPluginOption }
    const input = { page: join(at.project, "page.mjs") }
    const build = await rolldown({ input, platform: "browser", plugins: [heddle()] })
    await build.write({ dir: join(at.project, "site"), entryFileNames: "[name].js" })
    await build.close()
    await using site = await serve(join(at.project, "site"))
    const page = await chromium!.open(site.page("page"))
    assert.equal(await page.evaluate(calling("times")), 42)
  })

  it("says what to do about a bundle that was made without the plugin", async () => {
    const program = [
      'import { task, go } from "heddle"',
      'const inc = task(import.meta.url, "inc", (n) => n + 1)',
      "await go(inc, 1).catch((error) => console.log(error.code, error.message))",
    ]
    writeFileSync(join(at.project, "bundled.mjs"), program.join("\n"))
    const build = await rolldown({ input: join(at.project, "bundled.mjs"), platform: "node" })
    await build.write({ file: join(at.project, "bundle", "bundled.mjs") })
    await build.close()
    const { stdout } = await at.run("node", [join("bundle", "bundled.mjs")])
    assert.match(stdout, /^ERR_HEDDLE_ISOLATE_START no isolate .* heddle\/bundler\. Use the plugin/)
  })

  it("runs in a page as it lies there", { skip: without }, async () => {
    const program = [
      'import { go, task } from "./node_modules/heddle/dist/browser/index.js"',
      'export const square = task(import.meta.url, "square", (n) => n * n)',
      "export const seven = () => go(square, 7)",
    ]
    writeFileSync(join(at.project, "plain.js"), program.join("\n"))
    await using site = await serve(at.project)
    const page = await chromium!.open(site.page("plain"))
    assert.equal(await page.evaluate(calling("seven")), 49)
  })

  it("has types that a strict project accepts", async () => {
    const options = ["--strict", "--noEmit", "--module", "nodenext", "--target", "es2024"]
    const libraries = ["--lib", "esnext", "--types", "node", "--skipLibCheck", "false"]
    writeFileSync(join(at.project, "doors.ts"), doorsOf(at).join("\n"))
    const { stdout } = await at.run("tsc", [...options, ...libraries, "closure.ts", "doors.ts"])
    assert.equal(stdout, "")
  })

  it("has types that an older compiler accepts, all but one of the language's own", async () => {
    // The one that are-the-types-wrong brings: 5.6, for which arrays of bytes have no parameter.
    const core = createRequire(import.meta.resolve("@arethetypeswrong/core"))
    const tsc = core.resolve("typescript/bin/tsc")
    const options = ["--strict", "--noEmit", "--module", "nodenext", "--target", "es2022"]
    const libraries = ["--lib", "esnext,dom", "--skipLibCheck", "false"]
    writeFileSync(join(at.project, "older.ts"), doorsOf(at).join("\n"))
    const said = await at.run("node", [tsc, ...options, ...libraries, "older.ts"]).catch(String)
    const complaints = String(said).match(/^.*error TS.*$/gm) ?? []
    assert.equal(complaints.length, 1, String(said))
    assert.match(complaints[0], /error TS2315: Type 'Uint8Array' is not generic\.$/)
  })

  it("has types that need no more than the compiler's default libraries", async () => {
    const options = ["--strict", "--noEmit", "--module", "nodenext", "--skipLibCheck", "false"]
    options.push("--target", "es2022", "--types", "")
    // One by one: what one door brings along would help another.
    for (const door of ["channel", "sync", "actor", "python"]) {
      writeFileSync(join(at.project, "door.ts"), `import "heddle/${door}"`)
      assert.equal((await at.run("tsc", [...options, "door.ts"])).stdout, "")
    }
  })

  it("pleases publint and are-the-types-wrong", async () => {
    const publint = await at.run(join(BIN, "publint"), ["run", "--strict", at.tarball])
    assert.match(publint.stdout, /All good!/)
    await at.run(join(BIN, "attw"), [at.tarball, "--profile", "esm-only"])
  })
})

/** An import of each door of the package, for what it does and for its types. */
function doorsOf(at: Stage): string[] {
  const text = readFileSync(join(at.project, "node_modules", "heddle", "package.json"), "utf8")
  return Object.keys((JSON.parse(text) as { exports: object }).exports)
    .filter((door) => door !== "./package.json")
    .map((door) => `import "heddle${door.slice(1)}"`)
}
