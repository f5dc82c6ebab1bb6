/** Python text of `heddle`: channels shared with TypeScript. */
export const HEDDLE = `
"""Channels, tasks and actors shared with TypeScript and with other interpreters."""

import _heddle
from _heddle_pack import NotShareableError

__all__ = ["channel", "Channel", "Sender", "Receiver", "HeddleError", "ChannelClosedError",
           "JavaScriptError", "NotShareableError"]


class HeddleError(Exception):
    """What Heddle raises; .code is the code of the same error in TypeScript."""

    name = code = stack = None


class ChannelClosedError(HeddleError):
    """The channel was closed; the cause is what it was closed with."""


class JavaScriptError(HeddleError):
    """An error of TypeScript; .name, .code and .stack are the error's."""


_errors = {kind.__name__: kind for kind in (HeddleError, ChannelClosedError)}


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
        raise TypeError(f"a {type(self).__name__} cannot be pickled: send it through a channel")


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


class ActorRef(_Handle):
    """A reference to an actor."""

    __slots__ = ()


def channel(capacity=4096, *, of=None, name="", when_receiver_dies="drop"):
    """Makes a channel that holds so many values."""
    if when_receiver_dies not in ("drop", "redeliver"):
        raise ValueError(f'when_receiver_dies is "drop" or "redeliver", received {when_receiver_dies!r}')
    return _heddle.channel_new(capacity, of, name, when_receiver_dies == "redeliver")
`
