"""What is measured of Python: defined in the main interpreter of a Heddle Python; times in seconds."""

import threading
import time
from concurrent import interpreters
from concurrent.futures import InterpreterPoolExecutor


def fib_of(n):
    def fib(n):
        return n if n < 2 else fib(n - 1) + fib(n - 2)

    return fib(n)


def fib_alone(n):
    fib_of(n)
    since = time.perf_counter()
    for _ in range(4):
        fib_of(n)
    return time.perf_counter() - since


def fib_pool(n):
    with InterpreterPoolExecutor(2) as pool:
        list(pool.map(fib_of, [n] * 2))
        since = time.perf_counter()
        results = list(pool.map(fib_of, [n] * 4))
        seconds = time.perf_counter() - since
    assert results == [fib_of(n)] * 4
    return seconds


def with_reader(code, **queues):
    reader = interpreters.create()
    reader.prepare_main(**queues)
    thread = threading.Thread(target=reader.exec, args=(code,))
    # Until the caller has read what it put last: an interpreter that nobody holds takes that along.
    thread.reader = reader
    thread.start()
    return thread


ECHO = """
while (item := there.get()) is not None:
    back.put(item)
"""

READ = """
back.put("ready")
count = 0
while (item := there.get()) is not None:
    count += 1
back.put(count)
"""


def echo(count):
    there, back = interpreters.create_queue(), interpreters.create_queue()
    thread = with_reader(ECHO, there=there, back=back)
    for i in range(count // 10 + 1):
        there.put(i)
        back.get()
    since = time.perf_counter()
    for i in range(count):
        there.put(i)
        assert back.get() == i
    seconds = time.perf_counter() - since
    there.put(None)
    thread.join()
    return seconds


def stream(count, bytes_each):
    there, back = interpreters.create_queue(maxsize=1000), interpreters.create_queue()
    item = bytes(bytes_each) if bytes_each else 7
    seconds = []
    for _ in range(2):
        thread = with_reader(READ, there=there, back=back)
        back.get()
        since = time.perf_counter()
        for _ in range(count):
            there.put(item)
        there.put(None)
        assert back.get() == count
        seconds.append(time.perf_counter() - since)
        thread.join()
    return seconds[-1]


def call(count):
    interp = interpreters.create()
    for _ in range(count // 10 + 1):
        interp.call(pow, 2, 5)
    since = time.perf_counter()
    for _ in range(count):
        assert interp.call(pow, 2, 5) == 32
    return time.perf_counter() - since


def pool(count):
    with InterpreterPoolExecutor(2) as executor:
        list(executor.map(pow, range(count // 10 + 2), [2] * count))
        since = time.perf_counter()
        results = list(executor.map(pow, range(count), [2] * count))
        seconds = time.perf_counter() - since
    assert results[-1] == (count - 1) ** 2
    return seconds


def ready():
    since = time.perf_counter()
    interp = interpreters.create()
    interp.exec("")
    return time.perf_counter() - since
