import assert from "node:assert/strict"
import { after, describe, it } from "node:test"
import { here } from "../../src/internal/loop/here.ts"
import { living } from "../../src/internal/memory/owners.ts"
import { interpreter } from "../../src/python/index.ts"

describe("sys.executable", async () => {
  const py = await interpreter()
  after(() => py[Symbol.asyncDispose]())
  await py.exec(`
import os, signal, subprocess, sys, tempfile

def start(*args, **options):
    done = subprocess.run([sys.executable, *args], capture_output=True, text=True, **options)
    return [done.returncode, done.stdout, done.stderr]

def open_ends():
    import _heddle
    return [fd for fd in range(512, 1024) if _heddle.pipe_is_open(fd)]
`)
  const start = (...args: unknown[]) => py.call(":start", ...args)

  it("is another Python, with arguments, streams and an exit code of its own", async () => {
    const program = `
import sys
print(sys.argv, __name__, input())
print("said", file=sys.stderr)
sys.exit(3)
`
    await py.exec(
      `
code, out, err = start("-I", "-c", program, "a", input="line\\n")
assert (code, out, err) == (3, "['-c', 'a'] __main__ line\\n", "said\\n"), (code, out, err)
`,
      { globals: { program } },
    )
  })

  it("ends with a traceback, or as it is told", async () => {
    const [code, out, error] = (await start("-c", "1/0")) as [number, string, string]
    assert.deepEqual([code, out], [1, ""])
    assert.match(error, /^Traceback .*\n.*line 1, in <module>\n {4}1\/0\n.*\nZeroDivisionError/)
    assert.deepEqual(await start("-c", "import os; os._exit(9)"), [9, "", ""])
    const [wrong, , said] = (await start("nowhere.py")) as [number, string, string]
    assert.equal(wrong, 2)
    assert.match(said, /can't open file '\/nowhere\.py': \[Errno 44\] No such file or directory/)
  })

  it("has an environment, a folder and interpreters of its own", async () => {
    await py.exec(`
program = """
import os
from concurrent import interpreters
one = interpreters.create()
one.exec("import sys, os; print(sys.path[0], os.getcwd(), dict(os.environ), flush=True)")
print(one.id, interpreters.get_main().id, interpreters.get_current().id, os.getpid() != 42)
"""
with tempfile.TemporaryDirectory() as folder:
    with open(f"{folder}/script.py", "w") as file:
        file.write(program)
    code, out, err = start("script.py", cwd=folder, env={"A": "b"})
assert out == f"{folder} {folder} {{'A': 'b'}}\\n1 0 0 True\\n", (out, err)
`)
  })

  it("is interrupted and killed, and what has a timeout goes on", async () => {
    await py.exec(`
loop = "print('begun', flush=True)\\nwhile True: pass"
pipe = subprocess.PIPE

one = subprocess.Popen([sys.executable, "-c", loop], stdout=pipe, stderr=pipe)
assert one.stdout.readline() == b"begun\\n"
one.send_signal(signal.SIGINT)
assert b"KeyboardInterrupt" in one.communicate()[1] and one.returncode == -2, one.returncode

two = subprocess.Popen([sys.executable, "-c", loop], stdout=pipe)
two.stdout.readline()
assert two.poll() is None
try:
    two.communicate(timeout=0)
    raise AssertionError("it cannot end")
except subprocess.TimeoutExpired:
    pass
two.terminate()
assert two.communicate() == (b"", None) and two.poll() == -15, two.returncode
try:
    os.waitpid(two.pid, 0)
    raise AssertionError("it was waited for")
except ChildProcessError:
    pass
`)
  })

  it("hears of signals that it has handlers for, but of SIGKILL", async () => {
    const program = `
import signal, sys, time
def end(number, frame):
    print("heard", number, flush=True)
    sys.exit(7)
signal.signal(signal.SIGTERM, end)
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
print("begun", flush=True)
while True:
    time.sleep(1000)
`
    await py.exec(
      `
def begun():
    one = subprocess.Popen([sys.executable, "-c", program], stdout=-1, text=True)
    assert one.stdout.readline() == "begun\\n"
    return one

one = begun()
for number in signal.SIGUSR1, signal.SIGCHLD, signal.SIGTERM:
    one.send_signal(number)
assert one.communicate() == ("heard 15\\n", None) and one.returncode == 7, one.returncode
with begun() as two:
    two.kill()
assert two.returncode == -9, two.returncode
`,
      { globals: { program } },
    )
  })

  it("is waited for among all, and tells who ended", async () => {
    await py.exec(`
codes = {}
for code in 3, 4:
    one = subprocess.Popen([sys.executable, "-c", f"raise SystemExit({code})"])
    codes[one.pid] = code << 8
assert dict([os.waitpid(-1, 0), os.wait()]) == codes
for options in 0, os.WNOHANG:
    try:
        os.waitpid(-1, options)
        raise AssertionError("all were waited for")
    except ChildProcessError:
        pass
`)
  })

  it("stops its daemon threads at its end, and loses nothing that it wrote", async () => {
    const program = `
import _thread, sys, threading, time
names, started, held = [], threading.Event(), threading.Lock()
def loop():
    with held:
        started.set()
        while True:
            len(names)
thread = threading.Thread(target=loop, daemon=True)
thread.start()
started.wait()

def attempt(function, *args):
    try:
        function(*args)
    except PythonFinalizationError as error:
        print(error)

class Last:
    def __del__(self, clock=time.monotonic, attempt=attempt, thread=thread, held=held, sys=sys,
                start=_thread.start_new_thread):
        end = clock() + 0.05
        while clock() < end:
            pass
        print(sys.is_finalizing(), held.acquire(timeout=0.001))
        attempt(thread.join)
        attempt(held.acquire)
        attempt(start, print, ())
sys.file = open(sys.argv[1], "w")
sys.file.write("kept")
last = Last()
print(sys.is_finalizing())
`
    await py.exec(
      `
with tempfile.NamedTemporaryFile() as file:
    code, out, err = start("-c", program, file.name)
    assert file.read() == b"kept"
assert (code, err) == (0, ""), (code, err)
assert out.splitlines() == [
    "False", "True False", "cannot join thread at Python finalization",
    "cannot wait for another thread at Python finalization",
    "can't create new thread at interpreter shutdown"], out
`,
      { globals: { program } },
    )
  })

  it("has the pipes that it is left, of any length, and nobody else's", async () => {
    await py.exec(`
before = open_ends()
reading, writing = os.pipe()
other = os.pipe()
program = f"""
import os, sys
os.write({writing}, os.read(0, 4))
try:
    os.close({other[0]})
except OSError as error:
    print(error.errno == 8)
print(len(sys.stdin.read()) * "y")
"""
code, out, err = start("-c", program, pass_fds=[writing], input="left" + 200_000 * "x")
os.close(writing)
assert os.read(reading, 100) == b"left" and os.read(reading, 100) == b""
assert out == "True\\n" + 200_000 * "y" + "\\n", (len(out), err)
for fd in reading, *other:
    os.close(fd)
with tempfile.TemporaryFile() as file:
    subprocess.run([sys.executable, "-c", "print('to a file')"], stdout=file)
    file.seek(0)
    assert file.read() == b"to a file\\n"
assert open_ends() == before, open_ends()
`)
  })

  it("is the only program there is", async () => {
    for (const name of ["ls", "/bin/ls"])
      await assert.rejects(py.call("subprocess:run", [name]), {
        type: "FileNotFoundError",
        message: `FileNotFoundError: [Errno 44] No such file or directory: '${name}'`,
      })
    await py.exec("args = [sys.executable, '-c', '']")
    await assert.rejects(py.exec("subprocess.run(args, preexec_fn=print)"), {
      message: /Errno 52\] Function not implemented/,
    })
    await assert.rejects(py.exec("subprocess.run(args, cwd='/nowhere')"), {
      message: /No such file or directory: '\/nowhere'/,
    })
  })
})

it("a process ends with the Python that started it", async () => {
  const before = living(here().words).length
  const py = await interpreter()
  await py.exec(`
import subprocess, sys
program = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "print('begun', flush=True); input()"]).wait()
"""
one = subprocess.Popen([sys.executable, "-c", program], stdin=-1, stdout=-1)
assert one.stdout.readline() == b"begun\\n"
`)
  assert(living(here().words).length >= before + 3)
  await py[Symbol.asyncDispose]()
  assert.equal(living(here().words).length, before)
})

it("selectors wait for pipes, though they were imported before pipes were ours", async () => {
  await using py = await interpreter()
  await py.exec(`
import os, selectors, threading
for kind in selectors.PollSelector, selectors.SelectSelector:
    reading, writing = os.pipe()
    gate = threading.Lock()
    with gate:
        def write():
            with gate:
                os.write(writing, b"x")
        thread = threading.Thread(target=write)
        thread.start()
    with kind() as selector:
        selector.register(reading, selectors.EVENT_READ)
        found = selector.select()
    assert [key.fd for key, _ in found] == [reading], (kind, found)
    thread.join()
    os.close(reading)
    os.close(writing)
`)
})
