/** Python text of `_interpchannels`: the names of CPython's C module, over `_heddle`. */
export const CHANNELS = `
"""This module provides primitive operations to manage Python interpreters.
The 'interpreters' module provides a more convenient interface."""

import operator
import time

import _heddle
import _heddle_pack

OK, CLOSED, ENDED, EMPTY, NOT_EMPTY, MISSING, UNBOUND, PACKED = range(8)
WAITING, RECEIVED, DROPPED = range(3)
REPLACE = 3
BOTH, SEND, RECV = range(3)


class ChannelError(RuntimeError):
    pass


class ChannelNotFoundError(ChannelError):
    pass


class ChannelClosedError(ChannelError):
    pass


class ChannelEmptyError(ChannelError):
    pass


class ChannelNotEmptyError(ChannelError):
    pass


_ERRORS = {
    CLOSED: (ChannelClosedError, "channel {} is closed"),
    ENDED: (ChannelClosedError, "channel {} is already closed"),
    EMPTY: (ChannelEmptyError, "channel {} is empty"),
    NOT_EMPTY: (ChannelNotEmptyError, "channel {} may not be closed if not empty (try force=True)"),
    MISSING: (ChannelNotFoundError, "channel {} not found"),
}

_FIELDS = (
    "open", "closing", "closed", "count",
    "num_interp_send", "num_interp_send_released", "num_interp_recv", "num_interp_recv_released",
    "num_interp_both", "num_interp_both_released",
    "num_interp_both_send_released", "num_interp_both_recv_released",
    "send_associated", "send_released", "recv_associated", "recv_released",
)


class ChannelInfo(tuple):
    """A named tuple of a channel's state."""

    n_fields = n_sequence_fields = len(_FIELDS)
    n_unnamed_fields = 0

    def __repr__(self):
        fields = ", ".join([f"{name}={value!r}" for name, value in zip(_FIELDS, self)])
        return f"_interpchannels.ChannelInfo({fields})"


for _i, _name in enumerate(_FIELDS):
    setattr(ChannelInfo, _name, property(lambda self, i=_i: self[i]))


def _raise(answer, cid):
    kind, text = _ERRORS[answer[0]]
    raise kind(text.format(cid))


def _checked(answer, cid):
    if type(answer) is list:
        _raise(answer, cid)
    return answer


def _cid(value):
    """(id, end) of whatever names a channel."""
    if isinstance(value, ChannelID):
        return value._cid, value._end
    if not hasattr(type(value), "__index__"):
        raise TypeError(f"channel ID must be an int, got {type(value).__name__}")
    cid = value.__index__()
    if cid < 0:
        raise ValueError(f"channel ID must be a non-negative int, got {value!r}")
    if cid > 0x7fffffffffffffff:
        raise OverflowError("int too big to convert")
    return cid, BOTH


def _key(cid):
    return min(cid, 0x1fffffff)


class ChannelID:
    """A channel ID identifies a channel and may be used as an int."""

    __slots__ = ("_cid", "_end", "_resolve", "_named")

    def __new__(cls, *args, **kwargs):
        raise TypeError(f"cannot create '{cls.__module__}.{cls.__qualname__}' instances")

    @classmethod
    def _make(cls, cid, end, force, resolve):
        self = object.__new__(cls)
        self._named = False
        self._cid, self._end, self._resolve = cid, end, resolve
        answer = _heddle.xchannel_name(_key(cid), 1)
        self._named = answer is None
        if answer is not None and not force:
            _raise(answer, cid)
        return self

    def __del__(self):
        if self._named:
            self._named = False
            _heddle.xchannel_name(_key(self._cid), -1)

    def __repr__(self):
        end = {SEND: ", send=True", RECV: ", recv=True"}.get(self._end, "")
        return f"{type(self).__name__}({self._cid}{end})"

    def __str__(self):
        return str(self._cid)

    def __int__(self):
        return self._cid

    __index__ = __int__

    def __hash__(self):
        return hash(self._cid)

    def __eq__(self, other):
        if isinstance(other, ChannelID):
            return self._end == other._end and self._cid == other._cid
        if isinstance(other, (str, bytes)):
            return NotImplemented
        try:
            return self._cid == other
        except TypeError:
            return NotImplemented

    @property
    def end(self):
        """'send', 'recv', or 'both'"""
        return ("both", "send", "recv")[self._end]

    @property
    def send(self):
        """the 'send' end of the channel"""
        return ChannelID._make(self._cid, SEND, True, self._resolve)

    @property
    def recv(self):
        """the 'recv' end of the channel"""
        return ChannelID._make(self._cid, RECV, True, self._resolve)


ChannelID.__module__ = ChannelInfo.__module__ = "_interpchannels"


def _channel_id(id, *, send=None, recv=None, force=False, _resolve=False):
    cid, end = _cid(id)
    if send is not None and recv is not None and not send and not recv:
        raise ValueError("'send' and 'recv' cannot both be False")
    if send:
        end = BOTH if recv else SEND
    elif recv:
        end = RECV
    return ChannelID._make(cid, end, force, bool(_resolve))


def _policy(value):
    value = operator.index(value)
    if value not in (1, 2, 3):
        raise ValueError(f"unsupported unboundop {value}")
    return value


def _default(value, otherwise=-1):
    return otherwise if operator.index(value) < 0 else _policy(value)


def create(unboundop=-1, fallback=-1):
    """Create a new cross-interpreter channel and return a unique generated ID."""
    cid = _heddle.xchannel_create(_default(unboundop, REPLACE))
    return ChannelID._make(cid, BOTH, False, False)


def destroy(cid):
    """Close and finalize the channel."""
    cid, _ = _cid(cid)
    _checked(_heddle.xchannel_destroy(_key(cid)), cid)


def list_all():
    """Return the list of all IDs for active channels."""
    return [(ChannelID._make(cid, BOTH, True, False), policy, -1)
            for cid, policy in _heddle.xchannel_list()]


def _info(cid):
    cid, _ = _cid(cid)
    return _checked(_heddle.xchannel_info(_key(cid)), cid), cid


def list_interpreters(cid, *, send):
    """Return the list of all interpreter IDs associated with an end of the channel."""
    (state, _, users), cid = _info(cid)
    if state == 2 or (send and state == 1):
        _raise([CLOSED], cid)
    return sorted([id for id, sends, receives in users if (sends if send else receives) == 1])


def get_count(cid):
    """Return the number of items in the channel."""
    (state, count, _), cid = _info(cid)
    if state == 2:
        _raise([CLOSED], cid)
    return count


def get_info(cid):
    """Return details about the channel."""
    (state, count, users), _ = _info(cid)
    both = [user for user in users if user[1] and user[2]]
    me = [user for user in users if user[0] == _heddle.me()] or [(0, 0, 0)]
    _, sends, receives = me[0]

    def number(of, send, receive):
        return len([1 for user in of if user[1] == send and user[2] == receive])

    return ChannelInfo((
        state == 0, state == 1, state == 2, count,
        number(users, 1, 0), number(users, -1, 0), number(users, 0, 1), number(users, 0, -1),
        number(both, 1, 1), number(both, -1, -1), number(both, -1, 1), number(both, 1, -1),
        sends == 1, sends == -1, receives == 1, receives == -1,
    ))


def get_channel_defaults(cid):
    """Return the channel's default values, set when it was created."""
    cid, _ = _cid(cid)
    return _checked(_heddle.xchannel_policy(_key(cid)), cid), -1


get_queue_defaults = get_channel_defaults


def _timeout(timeout, blocking):
    if timeout is None:
        return None
    if not blocking:
        raise ValueError("can't specify a timeout for a non-blocking call")
    timeout = float(timeout)
    if timeout < 0:
        raise ValueError("timeout value must be a non-negative number")
    return time.monotonic() + timeout


def send(cid, obj, unboundop=-1, fallback=-1, *, blocking=True, timeout=None):
    """Add the object's data to the channel's queue. By default this waits for it to be received."""
    cid, _ = _cid(cid)
    policy = _default(unboundop)
    end = _timeout(timeout, blocking)
    _checked(_heddle.xchannel_info(_key(cid)), cid)
    packed = _heddle_pack.pack_shareable(obj)
    if not blocking:
        _checked(_heddle.xchannel_send(_key(cid), packed, policy, 0), cid)
        return
    ticket = _heddle.ticket()
    try:
        _checked(_heddle.xchannel_send(_key(cid), packed, policy, ticket), cid)
        _await(cid, ticket, end)
    finally:
        _heddle.ticket_end(ticket)


def _await(cid, ticket, end):
    """Waits until what was sent has been received; withdraws it when that takes too long."""
    try:
        while _heddle.ticket_state(ticket) == WAITING:
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                raise TimeoutError
            _heddle.wait(ticket, WAITING, left)
    except BaseException:
        if _heddle.xchannel_withdraw(_key(cid), ticket) is True:
            raise
        if _heddle.ticket_state(ticket) != RECEIVED:
            raise
    if _heddle.ticket_state(ticket) != RECEIVED:
        raise ChannelClosedError(f"channel {cid} has closed")


def send_buffer(cid, obj, unboundop=-1, fallback=-1, *, blocking=True, timeout=None):
    """Add the object's buffer to the channel's queue."""
    send(cid, memoryview(obj), unboundop, fallback, blocking=blocking, timeout=timeout)


_NO_DEFAULT = object()


def recv(cid, default=_NO_DEFAULT):
    """Return a new object from the data at the front of the channel's queue."""
    cid, _ = _cid(cid)
    answer = _heddle.xchannel_receive(_key(cid))
    code = answer[0]
    if code == PACKED:
        return _heddle_pack.unpack(answer[1]), None
    if code == UNBOUND:
        return None, answer[1]
    if code == EMPTY and default is not _NO_DEFAULT:
        return default, None
    _raise(answer, cid)


def close(cid, *, send=False, recv=False, force=False):
    """Close the channel for all interpreters."""
    cid, _ = _cid(cid)
    end = SEND if send and not recv else RECV if recv and not send else BOTH
    _checked(_heddle.xchannel_close(_key(cid), end, bool(force)), cid)


def release(cid, *, send=False, recv=False, force=True):
    """Close the channel for the current interpreter."""
    cid, end = _cid(cid)
    if send or recv:
        end = SEND if not recv else RECV if not send else BOTH
    _checked(_heddle.xchannel_release(_key(cid), end), cid)


_ends = {}


def _register_end_types(send, recv):
    """Register the classes of the high-level library."""
    for kind, end in (send, SEND), (recv, RECV):
        _ends[end] = kind
        _heddle_pack.registered[kind] = (
            _heddle_pack.CHANNEL, lambda channel, end=end: (_cid_of_end(channel._id), end, True))


def _cid_of_end(value):
    if not isinstance(value, ChannelID):
        raise TypeError("'_id' attribute must be an _interpchannels.ChannelID object, "
                        f"not {type(value).__name__}")
    return value._cid


def _make_channel(payload):
    cid, end, resolve = payload
    if not resolve:
        return ChannelID._make(cid, end, False, False)
    if end not in _ends:
        import test.support.channels
    return _ends[end](cid)


_heddle_pack.registered[ChannelID] = (
    _heddle_pack.CHANNEL, lambda cid: (cid._cid, cid._end, cid._resolve))
_heddle_pack.makers[_heddle_pack.CHANNEL] = _make_channel
`
