/** Python text of `heddle`: what coroutines wait for, and tasks in other interpreters. */
export const HEDDLE_TASKS = `
# Operations that coroutines wait for, by ticket: (loop, future).
_awaited = {}
_lock = _thread.allocate_lock()
_listener = None


def _listen():
    """Tells event loops which of their operations are over; a thread of its own."""
    global _listener
    while True:
        with _lock:
            if not _awaited:
                _listener = None
                return
        ticket = _heddle.later_next()
        loop, future = _awaited.pop(ticket, (None, None))
        if loop is not None:
            try:
                loop.call_soon_threadsafe(_arrive, ticket, future)
            except RuntimeError:
                _heddle.later_give_up(ticket)


def _arrive(ticket, future):
    if future.done():
        _heddle.later_give_up(ticket)
        return
    try:
        future.set_result(_heddle.later_result(ticket))
    except BaseException as error:
        future.set_exception(error)


async def _later(answer, timeout):
    """What an operation comes to; answer is its result, or a ticket."""
    global _listener
    if type(answer) is not tuple:
        return answer
    import asyncio
    import threading
    ticket, = answer
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    with _lock:
        _awaited[ticket] = loop, future
        if _listener is None:
            _listener = threading.Thread(target=_listen, name="heddle listener", daemon=True)
            _listener.start()
    try:
        return await asyncio.wait_for(future, _seconds(timeout))
    finally:
        if _awaited.pop(ticket, None) is not None:
            _heddle.later_give_up(ticket)


class Task:
    """A function on its way in another interpreter: a future, which coroutines can await."""

    def __init__(self, future):
        self._future = future

    def result(self, timeout=None):
        """What the function returned, or raises what it raised; waits for it."""
        return self._future.result(timeout)

    def exception(self, timeout=None):
        """What the function raised, None when it returned; waits for it."""
        return self._future.exception(timeout)

    def cancel(self):
        """Takes the task back if it has not begun; tells whether it has not."""
        return self._future.cancel()

    def cancelled(self):
        return self._future.cancelled()

    def running(self):
        return self._future.running()

    def done(self):
        return self._future.done()

    def add_done_callback(self, fn):
        """Calls fn with this task when it is over."""
        self._future.add_done_callback(lambda _: fn(self))

    def __await__(self):
        import asyncio
        return asyncio.wrap_future(self._future).__await__()


_pool = None


def go(fn, /, *args, **kwargs):
    """Runs a function in an interpreter of the pool, which has one for each core."""
    global _pool
    if _pool is None:
        from concurrent.futures import InterpreterPoolExecutor
        _pool = InterpreterPoolExecutor(max_workers=_heddle.cores())
    return Task(_pool.submit(fn, *args, **kwargs))
`
