"""The native Python's side: `python3 peer.py <workload> <count>`; prints a sample as JSON."""

import json
import multiprocessing
import sys
import time


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def answer(there, back):
    while (item := there.get()) is not None:
        back.put(item)


def swallow(there, back):
    count = 0
    while there.get() is not None:
        count += 1
    back.put(count)


def start(target):
    there, back = multiprocessing.Queue(), multiprocessing.Queue()
    process = multiprocessing.Process(target=target, args=(there, back))
    process.start()
    return there, back, process


def fib_alone(count):
    fib(count)
    since = time.perf_counter()
    for _ in range(4):
        fib(count)
    return time.perf_counter() - since, 1


def echo(count):
    there, back, process = start(answer)
    for i in range(count // 10 + 1):
        there.put(i)
        back.get()
    since = time.perf_counter()
    for i in range(count):
        there.put(i)
        assert back.get() == i
    seconds = time.perf_counter() - since
    there.put(None)
    process.join()
    return seconds, count


def stream(item, count, work):
    there, back, process = start(swallow)
    there.put(item)
    since = time.perf_counter()
    for _ in range(count):
        there.put(item)
    there.put(None)
    assert back.get() == count + 1
    seconds = time.perf_counter() - since
    process.join()
    return seconds, work


WORKLOADS = {
    "fib": fib_alone,
    "echo": echo,
    "ints": lambda count: stream(7, count, count),
    "bytes": lambda count: stream(bytes(1 << 20), count, count << 20),
}

if __name__ == "__main__":
    seconds, count = WORKLOADS[sys.argv[1]](int(sys.argv[2]))
    print(json.dumps({"seconds": seconds, "count": count}))
