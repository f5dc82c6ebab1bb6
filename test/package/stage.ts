/**
 * The package as a registry would have it, and a project that installs it: all without a network.
 */
import { execFile } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

/** The project. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url))

const BUILT_FROM = [
  "src",
  "scripts",
  "package.json",
  "tsconfig.json",
  "tsconfig.build.json",
  "README.md",
  "CHANGELOG.md",
  "LICENSE",
]

/** The commands of the project's own tools. */
export const BIN = join(ROOT, "node_modules", ".bin")

const execute = promisify(execFile)

/** Runs a command; one that fails is an error with all that it printed. */
async function run(
  command: string,
  args: readonly string[],
  options: { cwd: string; env: object },
) {
  try {
    return await execute(command, [...args], { ...options, env: { ...options.env } })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${command} ${args.join(" ")}\n${stdout}\n${stderr}`, { cause: error })
  }
}

/** Where everything of one test lies. */
export interface Stage {
  readonly folder: string
  /** The sources it was packed from. */
  readonly copy: string
  /** The packed package. */
  readonly tarball: string
  /** A project that has it installed. */
  readonly project: string
  /** Runs a command in the project; rejects when it fails. */
  run(command: string, args: readonly string[]): Promise<{ stdout: string; stderr: string }>
}

/** Builds and packs a copy of the sources, and installs the result into an empty project. */
export async function stage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "heddle-package-"))
  const copy = join(folder, "copy")
  const project = join(folder, "project")
  mkdirSync(copy)
  mkdirSync(project)
  for (const name of BUILT_FROM) cpSync(join(ROOT, name), join(copy, name), { recursive: true })
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"))
  const env = environment(folder)
  const packing = ["pack", "--silent", "--workspaces=false", "--pack-destination", folder]
  const { stdout } = await run("npm", packing, { cwd: copy, env })
  const tarball = join(folder, stdout.trim().split("\n").at(-1) as string)
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest(tarball)))
  // Dependencies come from our own node_modules as copies, so that no registry is asked.
  const installing = ["install", "--offline", "--install-links", "--ignore-scripts", "--no-audit"]
  await run("npm", installing, { cwd: project, env })
  return {
    folder,
    copy,
    tarball,
    project,
    run: (command, args) => run(command, args, { cwd: project, env }),
  }
}

/** An npm of its own: no cache, no settings of whoever runs the tests. */
function environment(folder: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))
  return {
    ...Object.fromEntries(own),
    PATH: `${BIN}${delimiter}${process.env.PATH}`,
    npm_config_cache: join(folder, "cache"),
    npm_config_update_notifier: "false",
    npm_config_userconfig: join(folder, "npmrc"),
  }
}

function manifest(tarball: string): unknown {
  const dependencies: Record<string, string> = { heddle: `file:${tarball}` }
  const add = (name: string) => {
    if (name in dependencies && name !== "heddle") return
    const folder = name === "heddle" ? ROOT : join(ROOT, "node_modules", name)
    if (name !== "heddle") dependencies[name] = `file:${folder}`
    const text = readFileSync(join(folder, "package.json"), "utf8")
    const needed = (JSON.parse(text) as { dependencies?: Record<string, string> }).dependencies
    for (const other of Object.keys(needed ?? {})) add(other)
  }
  add("heddle")
  // What a TypeScript project on Node has anyway.
  add("@types/node")
  return { name: "project", private: true, type: "module", dependencies }
}
