/** Python text of `_heddle_loop`: an event loop of asyncio that sleeps as everything here does. */
export const LOOP = `
import _thread
import asyncio
import errno
import select
import signal
import time
from asyncio import base_events, events, unix_events

import _heddle
import _heddle_missing
import _heddle_pipes

READER, WRITER = 0, 1


class Selector:
    """Stands where a selector of sockets would: sleeps until a word changes."""

    def __init__(self):
        self.word = _heddle.ticket()
        self.seen = 0
        # What waits for an end of a pipe: who reads, who writes.
        self.files = {}
        self.poller = None

    def select(self, timeout):
        found = self.look()
        if not found and (timeout is None or timeout > 0):
            _heddle.wait(self.word, self.seen, timeout)
        else:
            # Other threads have their turn between two rounds of a busy loop.
            time.sleep(0)
        self.seen = _heddle.ticket_state(self.word)
        return found or self.look()

    def look(self):
        found = []
        for fd, happened in self.poller.poll(0) if self.files else ():
            reader, writer = self.files[fd]
            if reader is not None and happened & ~select.POLLOUT:
                found.append(reader)
            if writer is not None and happened & ~select.POLLIN:
                found.append(writer)
        return found

    def put(self, fd, place, handle):
        """Whoever waits at this place of a pipe's end; the one before, which does no more."""
        if handle is not None and not _heddle_pipes.is_pipe(fd):
            raise OSError(errno.ENOTSUP, f"asyncio waits for pipes, and {fd} is none")
        waiting = self.files.get(fd, (None, None))
        before = waiting[place]
        waiting = (handle, waiting[1]) if place == READER else (waiting[0], handle)
        if self.poller is None:
            self.poller = select.poll()
            _thread.start_new_thread(self.watch, _heddle.pipes_moved())
        if waiting == (None, None):
            if self.files.pop(fd, None) is not None:
                self.poller.unregister(fd)
        else:
            self.files[fd] = waiting
            reads, writes = [handle is not None for handle in waiting]
            self.poller.register(fd, reads * select.POLLIN | writes * select.POLLOUT)
        if before is not None:
            before.cancel()
        return before

    def watch(self, word, seen):
        """From the first pipe on, what happens in any is something that happens to the loop."""
        while self.word is not None:
            _heddle.wait(word, seen, None)
            seen = _heddle.load(word)
            self.wake()

    def wake(self):
        if self.word is not None:
            _heddle.wake(self.word)

    def close(self):
        word, self.word = self.word, None
        if word is not None:
            _heddle.ticket_end(word)
        if self.poller is not None:
            _heddle.wake(_heddle.pipes_moved()[0])


class EventLoop(base_events.BaseEventLoop):
    """An event loop without sockets: timers, threads, executors, pipes, processes, and whatever is
    built on these."""

    def __init__(self):
        super().__init__()
        self._selector = Selector()
        self._watcher = unix_events._ThreadedChildWatcher()
        self._signals = set()

    def _process_events(self, event_list):
        for handle in event_list:
            self._add_callback(handle)

    def add_reader(self, fd, callback, *args):
        self._check_closed()
        self._selector.put(number_of(fd), READER, events.Handle(callback, args, self, None))

    def add_writer(self, fd, callback, *args):
        self._check_closed()
        self._selector.put(number_of(fd), WRITER, events.Handle(callback, args, self, None))

    def remove_reader(self, fd):
        return self._selector.put(number_of(fd), READER, None) is not None

    def remove_writer(self, fd):
        return self._selector.put(number_of(fd), WRITER, None) is not None

    def add_signal_handler(self, sig, callback, *args):
        self._check_signal(sig)
        self._check_closed()
        handle = events.Handle(callback, args, self, None)
        signal.signal(sig, lambda number, frame: self._add_callback_signalsafe(handle))
        self._signals.add(sig)

    def remove_signal_handler(self, sig):
        self._check_signal(sig)
        if sig not in self._signals:
            return False
        self._signals.remove(sig)
        own = signal.default_int_handler if sig == signal.SIGINT else signal.SIG_DFL
        signal.signal(sig, own)
        return True

    _check_signal = unix_events._UnixSelectorEventLoop._check_signal
    _add_reader, _add_writer = add_reader, add_writer
    _remove_reader, _remove_writer = remove_reader, remove_writer
    _make_read_pipe_transport = unix_events._UnixSelectorEventLoop._make_read_pipe_transport
    _make_write_pipe_transport = unix_events._UnixSelectorEventLoop._make_write_pipe_transport
    _make_subprocess_transport = unix_events._UnixSelectorEventLoop._make_subprocess_transport
    _child_watcher_callback = unix_events._UnixSelectorEventLoop._child_watcher_callback

    def _no_sockets(self, *args, **kwargs):
        raise OSError(errno.ENOTSUP, f"asyncio: {_heddle_missing.SOCKETS}")

    sock_connect = sock_accept = sock_sendall = sock_sendto = sock_sendfile = _no_sockets
    sock_recv = sock_recv_into = sock_recvfrom = sock_recvfrom_into = _no_sockets
    _make_socket_transport = _make_ssl_transport = _make_datagram_transport = _no_sockets

    def _write_to_self(self):
        self._selector.wake()

    def close(self):
        if not self.is_closed():
            for sig in list(self._signals):
                self.remove_signal_handler(sig)
            super().close()
            self._selector.close()


def number_of(fd):
    return fd if isinstance(fd, int) else fd.fileno()


class EventLoopPolicy(events._BaseDefaultEventLoopPolicy):
    _loop_factory = EventLoop


def install():
    from pyodide import webloop
    asyncio.run = webloop._orig_run
    if time.sleep is webloop._sleep:
        time.sleep = webloop._orig_sleep
    events._set_running_loop(None)
    # Nobody has asked for a policy yet: who does gets ours.
    unix_events._DefaultEventLoopPolicy = EventLoopPolicy
    events._event_loop_policy = None
    asyncio.EventLoop = EventLoop


install()
`
