import { after, describe, it } from "node:test"
import { interpreter } from "../../src/python/index.ts"

describe("asyncio", async () => {
  const py = await interpreter()
  after(() => py[Symbol.asyncDispose]())
  await py.exec(
    "import asyncio, os, signal, sys\nfrom asyncio import create_subprocess_exec as start",
  )

  it("starts processes, feeds them, hears them and waits for them", async () => {
    await py.exec(`
program = """
import sys
for line in sys.stdin:
    print(len(line), flush=True)
sys.exit(int(sys.argv[1]))
"""
async def talk(code):
    one = await start(sys.executable, "-c", program, str(code), stdin=-1, stdout=-1)
    for length in 10, 200_000:
        one.stdin.write(b"x" * length + b"\\n")
        await one.stdin.drain()
        said = await one.stdout.readline()
        assert said == b"%d\\n" % (length + 1), said
    assert (await one.communicate(b"end\\n")) == (b"4\\n", None)
    assert one.returncode == code, one.returncode

async def endless():
    one = await start(sys.executable, "-c", "print(flush=True)\\nwhile True: pass", stdout=-1)
    await one.stdout.readline()
    one.terminate()
    assert await one.wait() == -15, one.returncode

async def all():
    await asyncio.gather(talk(0), talk(5), endless())
await all()
`)
  })

  it("refuses programs and descriptors that are not there", async () => {
    await py.exec(`
def failing(kind, call):
    try:
        call()
    except kind as error:
        return str(error)
    raise AssertionError(f"{kind.__name__} was not raised")

def run(main):
    return failing(OSError, lambda: asyncio.run(main))

async def watch():
    asyncio.get_running_loop().add_reader(0, print)
assert "No such file or directory: 'ls'" in run(start("ls"))
assert "asyncio waits for pipes, and 0 is none" in run(watch())
`)
  })

  it("watches ends of pipes, and knows when nobody reads any more", async () => {
    await py.exec(`
async def watched():
    loop = asyncio.get_running_loop()
    reading, writing = os.pipe()
    over = loop.create_future()
    loop.add_reader(reading, lambda: over.set_result(os.read(reading, 8)))
    loop.call_soon(os.write, writing, b"x")
    assert await over == b"x"
    assert loop.remove_reader(reading) and not loop.remove_reader(reading)
    broken = loop.create_future()
    loop.add_reader(writing, lambda: broken.done() or broken.set_result("broken"))
    loop.call_soon(os.close, reading)
    assert await broken == "broken"
    loop.remove_reader(writing)
    os.close(writing)
await watched()
`)
  })

  it("calls handlers of signals, until they are removed", async () => {
    await py.exec(`
async def signalled():
    loop = asyncio.get_running_loop()
    heard = loop.create_future()
    loop.add_signal_handler(signal.SIGTERM, heard.set_result, "heard")
    loop.call_soon(signal.raise_signal, signal.SIGTERM)
    assert await heard == "heard"
    assert loop.remove_signal_handler(signal.SIGTERM)
    assert not loop.remove_signal_handler(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
await signalled()
`)
  })
})
