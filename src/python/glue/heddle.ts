/** Python text of `heddle`: channels shared with TypeScript. */
export const HEDDLE = `
"""Channels, tasks and actors shared with TypeScript and with other interpreters."""

import _thread

import _heddle
from _heddle_pack import NotShareableError

__all__ = ["channel", "Channel", "Sender", "Receiver", "ActorRef", "go", "Task", "HeddleError",
           "ChannelClosedError", "ActorStoppedError", "IsolateDiedError", "MailboxFullError",
           "OutOfSharedMemoryError", "JavaScriptError", "NotShareableError"]


class HeddleError(Exception):
    """What Heddle raises; .code is the code of the same error in TypeScript."""

    name = code = stack = None


class ChannelClosedError(HeddleError):
    """The channel was closed; the cause is what it was closed with."""


class ActorStoppedError(HeddleError):
    """The actor is gone for good."""


class IsolateDiedError(HeddleError):
    """The isolate that had the question in hand has died."""


class MailboxFullError(HeddleError):
    """The actor's mailbox is full, and it says so."""


class OutOfSharedMemoryError(HeddleError, MemoryError):
    """No shared memory is left."""


class JavaScriptError(HeddleError):
    """Any other error of TypeScript; .name, .code and .stack are the error's."""


_errors = {kind.__name__: kind for kind in (
    HeddleError, ChannelClosedError, ActorStoppedError, IsolateDiedError, MailboxFullError,
    OutOfSharedMemoryError)}


class _Answer:
    def __init__(self, name):
        self._name = name

    def __repr__(self):
        return f"<{self._name}>"


_CLOSED, _LATE, _FULL, _EMPTY = map(_Answer, ("closed", "late", "full", "empty"))


def _seconds(timeout):
    if timeout is None:
        return None
    timeout = float(timeout)
    if not timeout >= 0:
        raise ValueError("timeout must be a non-negative number of seconds")
    return min(timeout, 1e9)


class _Handle:
    """Stands for something shared."""

    __slots__ = ("_n", "__weakref__")

    def __del__(self):
        try:
            _heddle.handle_drop(self._n)
        except AttributeError:
            pass

    def __eq__(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return _heddle.handle_id(self._n) == _heddle.handle_id(other._n)

    def __hash__(self):
        return _heddle.handle_id(self._n)

    def __reduce__(self):
        return _unpack, (_heddle.handle_pack(self._n),)


def _unpack(number):
    """What a pickled handle names; once, for the pickle holds one reference."""
    return _heddle.handle_unpack(number)


class _Closable(_Handle):
    __slots__ = ()

    @property
    def closed(self):
        """Whether the channel was closed; values may still be inside."""
        return _heddle.channel_state(self._n)["closed"]

    def _ended(self, operation):
        error = ChannelClosedError(f"cannot {operation}: the channel is closed")
        error.code = "ERR_HEDDLE_CHANNEL_CLOSED"
        error.__cause__ = _heddle.channel_error(self._n)
        return error


class _Sends(_Closable):
    __slots__ = ()

    def send(self, value, timeout=None):
        """Sends a value, waiting while the channel is full."""
        answer = _heddle.channel_send(self._n, value, _seconds(timeout))
        if answer is _CLOSED:
            raise self._ended("send")
        if answer is _LATE:
            raise TimeoutError(f"no room in the channel for {timeout} s")

    async def send_async(self, value, timeout=None):
        """As send, for coroutines."""
        if await _later(_heddle.later_channel_send(self._n, value, None), timeout) is _CLOSED:
            raise self._ended("send")

    def try_send(self, value):
        """Sends a value if that is possible at once; tells whether it was."""
        answer = _heddle.channel_try_send(self._n, value)
        if answer is _CLOSED:
            raise self._ended("send")
        return answer is None

    def close(self, error=None):
        """Ends the channel: receivers get what is inside, then the end, or the error."""
        if error is not None:
            from _heddle_serve import describe
            name, _, _, message, _, display = describe(error)
            error = (name, message, display or "")
        return _heddle.channel_close(self._n, error)


class _Receives(_Closable):
    __slots__ = ()

    def receive(self, timeout=None):
        """Receives the next value, waiting while the channel is empty."""
        value = _heddle.channel_receive(self._n, _seconds(timeout))
        if value is _CLOSED:
            raise self._ended("receive")
        if value is _LATE:
            raise TimeoutError(f"nothing came through the channel for {timeout} s")
        return value

    def try_receive(self, default=None):
        """Receives a value if there is one, or gives the default."""
        value = _heddle.channel_try_receive(self._n)
        if value is _CLOSED:
            raise self._ended("receive")
        return default if value is _EMPTY else value

    def done(self):
        """What was received so far is done with: on a channel that redelivers, nobody gets it again."""
        _heddle.channel_done(self._n)

    def statistics(self):
        """Numbers of the channel at this moment."""
        return _heddle.channel_state(self._n)

    async def receive_async(self, timeout=None):
        """As receive, for coroutines."""
        value = await _later(_heddle.later_channel_receive(self._n, None), timeout)
        if value is _CLOSED:
            raise self._ended("receive")
        return value

    def __aiter__(self):
        return self

    async def __anext__(self):
        value = await _later(_heddle.later_channel_receive(self._n, None), None)
        if value is _CLOSED:
            error = _heddle.channel_error(self._n)
            raise StopAsyncIteration if error is None else error
        return value

    def __iter__(self):
        return self

    def __next__(self):
        value = _heddle.channel_receive(self._n, None)
        if value is _CLOSED:
            error = _heddle.channel_error(self._n)
            raise StopIteration if error is None else error
        return value


class Channel(_Sends, _Receives):
    """A bounded queue of values between any number of senders and receivers, in both languages."""

    __slots__ = ()

    @property
    def sender(self):
        """The sending end; the channel closes when all sending ends are gone."""
        return _heddle.channel_end(self._n, "sender")

    @property
    def receiver(self):
        """The receiving end, which cannot send."""
        return _heddle.channel_end(self._n, "receiver")


class Sender(_Sends):
    """The sending end of a channel."""

    __slots__ = ()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Receiver(_Receives):
    """The receiving end of a channel."""

    __slots__ = ()


class _Asks:
    """The methods of an actor, as somebody calls them."""

    def __init__(self, ref, call, timeout=None):
        self._ref, self._call, self._timeout = ref, call, timeout

    def __call__(self, *, timeout):
        """The same, with a limit in seconds."""
        return _Asks(self._ref, self._call, _seconds(timeout))

    def __getattr__(self, method):
        if method.startswith("__"):
            raise AttributeError(method)

        def call(*args):
            return self._call(self._ref, method, args, self._timeout)
        call.__name__ = call.__qualname__ = method
        return call


def _ask(ref, method, args, timeout):
    answer = _heddle.actor_ask(ref._n, method, args, timeout)
    if answer is _LATE:
        raise TimeoutError(f"no answer to {method} for {timeout} s")
    return answer


async def _ask_async(ref, method, args, timeout):
    return await _later(_heddle.later_actor_ask(ref._n, method, args, None), timeout)


def _tell(ref, method, args, timeout):
    if _heddle.actor_tell(ref._n, method, args, timeout) is _LATE:
        raise TimeoutError(f"no room in the mailbox for {timeout} s")


class ActorRef(_Handle):
    """A reference to an actor: ref.ask.method(…) waits for the answer, ref.tell.method(…) does not."""

    __slots__ = ()

    @property
    def ask(self):
        """The actor's methods; each call waits for its answer. ask(timeout=1).method(…) not for ever."""
        return _Asks(self, _ask)

    @property
    def ask_async(self):
        """The actor's methods for coroutines."""
        return _Asks(self, _ask_async)

    @property
    def tell(self):
        """The actor's methods; each call returns when the mailbox has taken the message."""
        return _Asks(self, _tell)

    @property
    def gone(self):
        """Whether the actor has ended for good."""
        return _heddle.actor_gone(self._n)

    def stop(self):
        """Asks the actor to end when its message in hand is done."""
        _heddle.actor_stop(self._n)

    def kill(self):
        """Ends the actor now."""
        _heddle.actor_kill(self._n)

    def __repr__(self):
        return f"<ActorRef {_heddle.actor_name(self._n)}>"


def channel(capacity=4096, *, of=None, name="", when_receiver_dies="drop"):
    """Makes a channel that holds so many values."""
    if when_receiver_dies not in ("drop", "redeliver"):
        raise ValueError(f'when_receiver_dies is "drop" or "redeliver", received {when_receiver_dies!r}')
    return _heddle.channel_new(capacity, of, name, when_receiver_dies == "redeliver")


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


# Objects that are actors of TypeScript's, by key.
_actors = {}


def _actor_start(key, name, args):
    """Makes an actor's object; returns what it can be asked."""
    from _heddle_host import awaited, find
    actor = find(name)(*args)
    _actors[key] = actor
    if hasattr(actor, "on_start"):
        awaited(actor.on_start())
    return [name for name in dir(actor) if not name.startswith("_")
            and name not in ("on_start", "on_stop") and callable(getattr(actor, name))]


def _actor_call(key, method, args):
    return getattr(_actors[key], method)(*args)


def _actor_stop(key, reason):
    actor = _actors.pop(key, None)
    if hasattr(actor, "on_stop"):
        return actor.on_stop(reason)
`
