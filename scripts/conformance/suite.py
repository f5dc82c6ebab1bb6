"""Runs tests of CPython and says of each, as a line of JSON, what became of it.

    suite.py <word> <skip file> <module> [class]

Each line begins with the word, so that what the tests print is told apart. Tests named in the
skip file are passed over: they ran in a process before this one, which did not survive them.
"""

import json
import os
import sys
import time
import unittest

word, done_file, module, *classes = sys.argv[1:]
with open(done_file) as file:
    done = set(file.read().split("\n"))
report = os.dup(1)


def say(**what):
    os.write(report, f"\n{word}{json.dumps(what)}\n".encode())


def name_of(test):
    # Some tests have an attribute of their own with the name id.
    return unittest.TestCase.id(test) if isinstance(test, unittest.TestCase) else test.id()


class Result(unittest.TestResult):
    def startTest(self, test):
        super().startTest(test)
        self.outcome = ("passed", "")
        self.since = time.monotonic()
        say(start=name_of(test))

    def stopTest(self, test):
        super().stopTest(test)
        how, why = self.outcome
        say(test=name_of(test), how=how, why=why, ms=round((time.monotonic() - self.since) * 1000))

    def note(self, test, how, why):
        self.outcome = (how, why)
        if not isinstance(test, unittest.TestCase):
            say(test=name_of(test), how=how, why=why, ms=0)

    def addFailure(self, test, err):
        self.note(test, "failed", self._exc_info_to_string(err, test))

    addError = addFailure

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.note(test, "failed", f"{subtest}: {self._exc_info_to_string(err, test)}")

    def addSkip(self, test, reason):
        if self.outcome_of_subtest(test):
            self.note(test, "skipped", reason)

    def outcome_of_subtest(self, test):
        # A skipped part of a test that failed elsewhere does not excuse it.
        return not isinstance(test, unittest.TestCase) or self.outcome[0] == "passed"

    def addExpectedFailure(self, test, err):
        self.note(test, "passed", "expected failure")

    def addUnexpectedSuccess(self, test):
        self.note(test, "failed", "unexpected success")


def each(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from each(test)
        else:
            yield test


class Suite(unittest.TestSuite):
    pass


# The tests of the pool import helpers of asyncio's and of process pools, which ask for sockets and
# semaphores; those of the pool itself need neither. Also the pool's interpreters import them.
PRETEND = """
import sys, types
from test import support
support.has_socket_support = True
stub = sys.modules["_multiprocessing"] = types.ModuleType("_multiprocessing")
stub.SemLock = type("SemLock", (), {"SEM_VALUE_MAX": 1})
"""


def pretend():
    import _interpreters

    real = _interpreters.create

    def create(*args, **kwargs):
        interp = real(*args, **kwargs)
        _interpreters.exec(interp, PRETEND)
        return interp

    exec(PRETEND, {})
    _interpreters.create = create


def number_errors():
    """A helper of these tests lets a reader find its pipe closed, by the number this has on Linux."""
    import errno
    import textwrap

    from test.test_interpreters import utils

    def dedent(text):
        return textwrap.dedent(text).replace("exc.errno != 9:", f"exc.errno != {errno.EBADF}:")

    utils.dedent = dedent


def main():
    # The library's tests go by the platform's name, which has no processes elsewhere.
    from test import support

    support.has_subprocess_support = True
    if module.startswith("test.test_concurrent_futures"):
        pretend()
    if module.startswith("test.test_interpreters"):
        number_errors()
    try:
        __import__(module)
        loaded = sys.modules[module]
        loader = unittest.defaultTestLoader
        if classes:
            tests = Suite([loader.loadTestsFromTestCase(getattr(loaded, name)) for name in classes])
        else:
            tests = loader.loadTestsFromModule(loaded)
    except unittest.SkipTest as skip:
        say(test=module, how="skipped", why=str(skip), ms=0)
    else:
        todo = [test for test in each(tests) if name_of(test) not in done]
        Suite(todo).run(Result())
    say(end=True)
    os._exit(0)


# An interpreter that lacks a name of a test's module runs this file under another name.
if __name__ == "__main__":
    main()
