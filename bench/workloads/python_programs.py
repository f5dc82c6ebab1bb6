"""Ten small programs of the kinds that pyperformance runs, each with a result that is checked.

`run(name, times)` gives the seconds of the fastest of some runs; as a script it prints them as JSON.
"""

import json
import random
import re
import sys
import time


# --- nbody: floats in lists -------------------------------------------------------------------

def nbody(steps):
    day = 365.24
    bodies = [
        ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], 39.47841760435743),
        ([4.84143144246472090, -1.16032004402742839, -0.103622044471123109],
         [0.00166007664274403694 * day, 0.00769901118419740425 * day, -6.90460016972063023e-5 * day],
         0.03769367487038949),
        ([8.34336671824457987, 4.12479856412430479, -0.403523417114321381],
         [-0.00276742510726411 * day, 0.00499852801234917238 * day, 2.30417297573763929e-5 * day],
         0.011286326131968767),
    ]
    pairs = [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1:]]
    for _ in range(steps):
        for (here, speed, mass), (there, other, heavy) in pairs:
            x, y, z = here[0] - there[0], here[1] - there[1], here[2] - there[2]
            force = 0.01 * (x * x + y * y + z * z) ** -1.5
            pull, push = heavy * force, mass * force
            speed[0] -= x * pull
            speed[1] -= y * pull
            speed[2] -= z * pull
            other[0] += x * push
            other[1] += y * push
            other[2] += z * push
        for place, speed, _ in bodies:
            place[0] += 0.01 * speed[0]
            place[1] += 0.01 * speed[1]
            place[2] += 0.01 * speed[2]
    return round(sum(sum(place) for place, _, _ in bodies), 6)


# --- fannkuch: small lists, turned around -----------------------------------------------------

def fannkuch(n):
    order, count = list(range(n)), list(range(n))
    most = checksum = turn = 0
    while True:
        if order[0]:
            flips, stack = 0, order[:]
            while first := stack[0]:
                stack[:first + 1] = stack[first::-1]
                flips += 1
            most = max(most, flips)
            checksum += -flips if turn & 1 else flips
        turn += 1
        for i in range(1, n):
            order.insert(i, order.pop(0))
            if count[i]:
                count[i] -= 1
                break
            count[i] = i
        else:
            return most, checksum


# --- richards: objects of several classes that send each other parcels ------------------------

class Parcel:
    def __init__(self, kind, home):
        self.kind, self.home, self.load = kind, home, 0


class Worker:
    def __init__(self, system, number):
        self.system, self.number, self.inbox, self.done = system, number, [], 0

    def take(self, parcel):
        self.inbox.append(parcel)
        self.system.ready(self)


class Device(Worker):
    def step(self):
        parcel = self.inbox.pop(0)
        self.done += 1
        self.system.send(parcel.home, parcel)


class Handler(Worker):
    def step(self):
        parcel = self.inbox.pop()
        self.done += parcel.load & 1
        parcel.load = (parcel.load * 7 + self.number) % 64
        self.system.send(parcel.kind, parcel)


class Idler(Worker):
    def step(self):
        self.done += len(self.inbox)
        parcel = self.inbox.pop(0)
        parcel.home = 1 + (parcel.load + self.done) % 4
        self.system.send(parcel.home, parcel)


class System:
    def __init__(self):
        kinds = (Idler, Handler, Handler, Handler, Device, Device)
        self.workers = [kind(self, number) for number, kind in enumerate(kinds)]
        self.waiting, self.sent = [], 0

    def ready(self, worker):
        self.waiting.append(worker)

    def send(self, number, parcel):
        self.sent += 1
        self.workers[number].take(parcel)


def richards(steps):
    system = System()
    for i in range(12):
        system.send(i % 4, Parcel(4 + i % 2 if i % 3 else 0, 1 + i % 3))
    for _ in range(steps):
        system.waiting.pop(0).step()
    return system.sent, [worker.done for worker in system.workers]


# --- deltablue: one-way constraints along chains, planned and propagated ----------------------

class Variable:
    def __init__(self, value):
        self.value, self.setter, self.readers, self.mark = value, None, [], 0


class Constraint:
    def __init__(self, source, target, strength):
        self.source, self.target, self.strength = source, target, strength
        source.readers.append(self)

    def satisfy(self):
        if self.target.setter is None or self.target.setter.strength < self.strength:
            self.target.setter = self
        return self.target.setter is self

    def execute(self):
        raise NotImplementedError


class Equal(Constraint):
    def execute(self):
        self.target.value = self.source.value


class Scale(Constraint):
    def execute(self):
        self.target.value = self.source.value * 3 + 1 & 0xffff


def plan(start, mark):
    steps, todo = [], [start]
    while todo:
        variable = todo.pop()
        if variable.mark == mark:
            continue
        variable.mark = mark
        for constraint in variable.readers:
            if constraint.satisfy():
                steps.append(constraint)
                todo.append(constraint.target)
    return steps


def deltablue(length):
    variables = [Variable(i) for i in range(length)]
    for i in range(length - 1):
        (Equal if i % 3 else Scale)(variables[i], variables[i + 1], i % 5)
        if i % 7 == 0:
            Equal(variables[i], variables[(i * 5 + 3) % length], 2)
    total = 0
    for mark in range(1, 41):
        start = variables[mark * 11 % length]
        start.value = mark
        for constraint in plan(start, mark):
            constraint.execute()
        total += sum(variable.value for variable in variables)
    return total


# --- spectral norm: generators and calls ------------------------------------------------------

def spectral_norm(n):
    def entry(i, j):
        return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)

    def multiply(v):
        return [sum(entry(i, j) * x for j, x in enumerate(v)) for i in range(n)]

    def transposed(v):
        return [sum(entry(j, i) * x for j, x in enumerate(v)) for i in range(n)]

    u = [1.0] * n
    for _ in range(10):
        v = transposed(multiply(u))
        u = transposed(multiply(v))
    return round((sum(a * b for a, b in zip(u, v)) / sum(b * b for b in v)) ** 0.5, 9)


# --- pidigits: long integers ------------------------------------------------------------------

def pidigits(count):
    digits = []
    q, r, t, k = 1, 0, 1, 1
    while len(digits) < count:
        q, r, t, k = q * k, (2 * q + r) * (2 * k + 1), t * (2 * k + 1), k + 1
        if q > r:
            continue
        digit = (3 * q + r) // t
        if digit == (4 * q + r) // t:
            digits.append(str(digit))
            q, r = 10 * q, 10 * (r - digit * t)
    return "".join(digits[:10]) + "".join(digits[-5:])


# --- json: one way and the other --------------------------------------------------------------

def records(count):
    return [{"id": i, "name": f"név {i}", "tags": ["a", "b", None, True], "at": [i / 7, -i],
             "inner": {"key": "value " * 3, "list": list(range(i % 9))}} for i in range(count)]


def json_dumps(count):
    data = records(count)
    return sum(len(json.dumps(data, indent=indent)) for indent in (None, None, None, 1))


def json_loads(count):
    text = json.dumps(records(count))
    return sum(len(json.loads(text)) for _ in range(8))


# --- regular expressions ----------------------------------------------------------------------

def regex(count):
    chance = random.Random(7)
    words = ["".join(chance.choices("abcdefgh", k=chance.randint(2, 9))) for _ in range(count)]
    text = " ".join(f"{word}@{word[::-1]}.org {i}-{i * 7}" for i, word in enumerate(words))
    patterns = (r"(\w+)@(\w+)\.org", r"\b[a-d]+\b", r"(\d+)-(\d+)", r"(?:ab|cd|ef)+g?", r"a.*?h")
    found = [len(re.findall(pattern, text)) for pattern in patterns]
    return found, len(re.sub(r"(\d)(\d)", r"\2\1", text)), len(re.split(r"[@ .-]+", text))


# --- chaos: vectors with operators, and chance ------------------------------------------------

class Vector:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor)


def chaos(steps):
    chance = random.Random(1234)
    corners = [Vector(0.0, 0.0), Vector(1.0, 0.2), Vector(0.4, 1.0), Vector(0.7, 0.6)]
    point, grid = Vector(0.3, 0.3), [[0] * 64 for _ in range(64)]
    for _ in range(steps):
        corner = corners[chance.randrange(4)]
        point = point + (corner - point) * 0.55
        grid[int(point.y * 63)][int(point.x * 63)] += 1
    return sum(1 for row in grid for cell in row if cell), max(max(row) for row in grid)


# Work, and what comes of it: full runs take a tenth of a second to half a second natively.
PROGRAMS = {
    "nbody": (nbody, 30_000),
    "fannkuch": (fannkuch, 8),
    "richards": (richards, 200_000),
    "deltablue": (deltablue, 4_000),
    "spectral_norm": (spectral_norm, 110),
    "pidigits": (pidigits, 1_500),
    "json_dumps": (json_dumps, 2_000),
    "json_loads": (json_loads, 2_000),
    "regex": (regex, 8_000),
    "chaos": (chaos, 150_000),
}


# In tiny form, which only shows that a program works, it has this share of the work.
TINY = 20


def run(name, times):
    """Seconds of the fastest run, and what all of them came to; without times in tiny form, once."""
    program, work = PROGRAMS[name]
    if times == 0:
        work = max(4, work // TINY)
    best = None
    results = set()
    for _ in range(times + 1):
        since = time.perf_counter()
        results.add(repr(program(work)))
        seconds = time.perf_counter() - since
        best = seconds if best is None else min(best, seconds)
    assert len(results) == 1, results
    return [best, results.pop()]


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], int(sys.argv[2]))))
