/**
 * Fetches CPython's own tests: Debian's packages of them, from a suite later than the machine's,
 * with apt and without touching the machine's own lists. The mirror is the machine's.
 */
import { execFileSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const PACKAGES = ["libpython3.14-testsuite", "libpython3.14-stdlib"]
const SUITES = ["forky", "sid"]
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"

/** Folder that holds the package `test`, below `folder`; undefined when it cannot be had. */
export function fetchTests(folder: string, say: (line: string) => void): string | undefined {
  const given = process.env.HEDDLE_CPYTHON_TESTS
  if (given !== undefined) return given
  const lib = join(folder, "lib")
  if (existsSync(join(lib, "test"))) return lib
  for (const suite of SUITES) {
    try {
      unpack(folder, suite, lib)
      return lib
    } catch (error) {
      say(`not from ${suite}: ${String(error).split("\n").slice(0, 2).join(" ")}`)
    }
  }
  return undefined
}

function unpack(folder: string, suite: string, lib: string): void {
  const work = join(folder, "apt")
  rmSync(work, { recursive: true, force: true })
  for (const path of ["state/lists/partial", "cache/archives/partial", "unpacked"])
    mkdirSync(join(work, path), { recursive: true })
  writeFileSync(
    join(work, "sources.list"),
    `deb [signed-by=${KEYRING}] ${mirror()} ${suite} main\n`,
  )
  writeFileSync(join(work, "apt.conf"), settings(work))
  const env = { ...process.env, APT_CONFIG: join(work, "apt.conf") }
  const options = { cwd: work, env, stdio: "pipe" } as const
  execFileSync("apt-get", ["update", "-q"], options)
  execFileSync("apt-get", ["download", "-q", ...PACKAGES], options)
  for (const file of readdirSync(work))
    if (file.endsWith(".deb")) execFileSync("dpkg", ["-x", file, "unpacked"], options)
  mkdirSync(lib, { recursive: true })
  cpSync(join(work, "unpacked/usr/lib/python3.14/test"), join(lib, "test"))
  rmSync(work, { recursive: true, force: true })
}

/** The archive that this machine's own packages come from. */
function mirror(): string {
  const format = "$(REPO_URI) $(ORIGIN)"
  const lines = execFileSync("apt-get", ["indextargets", "--format", format], { encoding: "utf8" })
  const line = lines.split("\n").find((one) => one.endsWith("/debian/ Debian"))
  if (line === undefined) throw new Error("this machine has no Debian archive among its sources")
  return line.split(" ")[0]
}

function settings(work: string): string {
  return `Dir::State "${work}/state";
Dir::Cache "${work}/cache";
Dir::Etc::SourceList "${work}/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State::status "/var/lib/dpkg/status";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "1";
Acquire::http::Timeout "20";
`
}
