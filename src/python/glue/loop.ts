/** Python text of `_heddle_loop`: an event loop of asyncio that sleeps as everything here does. */
export const LOOP = `
import asyncio
import sys
import time
from asyncio import base_events, events, unix_events

import _heddle


class Selector:
    """Stands where a selector of sockets would: sleeps until a word changes."""

    def __init__(self):
        self.word = _heddle.ticket()
        self.seen = 0

    def select(self, timeout):
        if timeout is None or timeout > 0:
            _heddle.wait(self.word, self.seen, timeout)
        else:
            # Other threads have their turn between two rounds of a busy loop.
            time.sleep(0)
        self.seen = _heddle.ticket_state(self.word)
        return ()

    def wake(self):
        if self.word is not None:
            _heddle.wake(self.word)

    def close(self):
        word, self.word = self.word, None
        if word is not None:
            _heddle.ticket_end(word)


class EventLoop(base_events.BaseEventLoop):
    """An event loop without sockets: timers, threads, executors, and whatever is built on these."""

    def __init__(self):
        super().__init__()
        self._selector = Selector()

    def _process_events(self, event_list):
        pass

    def _write_to_self(self):
        self._selector.wake()

    def close(self):
        if not self.is_closed():
            super().close()
            self._selector.close()


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
