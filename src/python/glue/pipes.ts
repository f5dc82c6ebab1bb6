/**
 * Python text of `_heddle_pipes`: `os.pipe`, whose ends are known by number in all interpreters,
 * and reading and writing of them so that other threads go on meanwhile.
 */
export const PIPES = `
import _io
import builtins
import errno
import io
import os
import select
import selectors
import time

import _heddle

FIRST, END = 512, 1024

os_read, os_readinto, os_write, io_open = os.read, os.readinto, os.write, io.open


# What the standard streams of this process are: ends of pipes, or below 0 those of the first.
streams = (-1, -2, -3)


def is_pipe(fd):
    return type(fd) is int and (FIRST <= fd < END or 0 <= fd < 3 and streams[fd] >= 0)


def begin(theirs):
    """Takes over the streams of a process."""
    global streams
    import sys
    streams = tuple(theirs)
    for fd, name in enumerate(("stdin", "stdout", "stderr")):
        if is_pipe(fd):
            errors = "backslashreplace" if name == "stderr" else "strict"
            stream = open(fd, "w" if fd else "r", 1 if fd == 2 else -1, "utf-8", errors,
                          closefd=False)
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)


def when_ready(fd, move, *args):
    """Reads or writes once that would not wait. Who has waited has what came, though the end is
    closed meanwhile."""
    try:
        return wait_and_move(fd, move, *args)
    finally:
        _heddle.pipe_done(fd)


def wait_and_move(fd, move, *args):
    while os.get_blocking(fd) and (place := _heddle.pipe_wait(fd)):
        _heddle.wait(*place, None)
    return move(*args)


def pipe():
    ends = _heddle.pipe_open()
    if ends is None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
    return ends


def read(fd, length, /):
    if is_pipe(fd) and length > 0:
        return when_ready(fd, os_read, fd, length)
    return os_read(fd, length)


def readinto(fd, buffer, /):
    return when_ready(fd, os_readinto, fd, buffer) if is_pipe(fd) else os_readinto(fd, buffer)


def write(fd, data, /):
    return write_all(fd, data) if is_pipe(fd) else os_write(fd, data)


def write_all(fd, data):
    """As a kernel does: a write that may wait is over when all is written, or nobody is left who
    reads; it goes on though the end is closed meanwhile."""
    rest = memoryview(data).cast("B")
    total = len(rest)
    try:
        while True:
            rest = rest[wait_and_move(fd, os_write, fd, rest):]
            if not rest or not os.get_blocking(fd):
                return total - len(rest)
            _heddle.pipe_use(fd)
    except BrokenPipeError:
        if len(rest) == total:
            raise
        return total - len(rest)
    finally:
        _heddle.pipe_done(fd)


class PipeIO(_io.FileIO):
    """A raw file over an end of a pipe."""

    # By the number: another thread may close the file while this one waits.
    def readinto(self, buffer):
        if not self.readable():
            return super().readinto(buffer)
        try:
            return readinto(self.fileno(), buffer)
        except BlockingIOError:
            return None

    def read(self, size=-1):
        if size is None or size < 0:
            return self.readall()
        if not self.readable():
            return super().read(size)
        try:
            return read(self.fileno(), size)
        except BlockingIOError:
            return None

    def readall(self):
        chunks = []
        while chunk := self.read(65536):
            chunks.append(chunk)
        return b"".join(chunks) if chunks or chunk is not None else None

    def write(self, data):
        if not self.writable():
            return super().write(data)
        try:
            return write_all(self.fileno(), data)
        except BlockingIOError:
            return None


PipeIO.__name__ = PipeIO.__qualname__ = "FileIO"
PipeIO.__module__ = "_io"


def open(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True,
         opener=None):
    if not is_pipe(file) or not isinstance(mode, str):
        return io_open(file, mode, buffering, encoding, errors, newline, closefd, opener)
    # The checks of the arguments are those of the function whose place this takes.
    if opener is not None or set(mode) - set("rwb") or len(mode) != len(set(mode)) or "rw" in mode:
        return io_open(file, mode, buffering, encoding, errors, newline, closefd, opener)
    raw = PipeIO(file, "w" if "w" in mode else "r", closefd)
    if buffering == 0:
        if "b" not in mode:
            raw.close()
            raise ValueError("can't have unbuffered text I/O")
        return raw
    size = buffering if buffering > 1 else io.DEFAULT_BUFFER_SIZE
    buffer = (io.BufferedWriter if "w" in mode else io.BufferedReader)(raw, size)
    if "b" in mode:
        return buffer
    text = io.TextIOWrapper(buffer, io.text_encoding(encoding), errors, newline, buffering == 1)
    text.mode = mode
    return text


def poll_until(look, timeout):
    """What look() finds, again after each change of any pipe, until the time is over."""
    end = None if timeout is None else time.monotonic() + timeout
    while True:
        word, seen = _heddle.pipes_moved()
        found = look()
        left = None if end is None else end - time.monotonic()
        if any(found) or (left is not None and left <= 0):
            return found
        _heddle.wait(word, seen, left)


select_now, Poll = select.select, select.poll


def select_pipes(rlist, wlist, xlist, timeout=None, /):
    """Wait until one or more file descriptors are ready for some kind of I/O."""
    if timeout is not None and timeout < 0:
        raise ValueError("timeout must be non-negative")
    rlist, wlist, xlist = list(rlist), list(wlist), list(xlist)
    return poll_until(lambda: select_now(rlist, wlist, xlist, 0), timeout)


class Polling:
    """A polling object, whose poll() waits."""

    def __init__(self):
        poll = Poll()
        self.register, self.modify, self.unregister = poll.register, poll.modify, poll.unregister
        self._poll = poll.poll

    def poll(self, timeout=None, /):
        """Polls the set of registered file descriptors; the timeout is in milliseconds."""
        seconds = None if timeout is None or timeout < 0 else timeout / 1000
        return poll_until(lambda: self._poll(0), seconds)


def install():
    select_pipes.__name__ = select_pipes.__qualname__ = "select"
    select_pipes.__module__ = "select"
    select.select, select.poll = select_pipes, Polling
    # It was imported before, and has kept those that do not wait.
    selectors.PollSelector._selector_cls = Polling
    selectors.SelectSelector._select = staticmethod(select_pipes)
    for function in pipe, read, readinto, write:
        function.__module__ = "posix"
        setattr(os, function.__name__, function)
    open.__module__ = "_io"
    builtins.open = io.open = _io.open = open


install()
`
