/** Python text of `_interpqueues`, and the methods that take the place of the library's polling. */
export const QUEUES = `
"""This module provides primitive operations to manage Python queues."""

import operator

import _heddle
import _heddle_pack

PACKED, EMPTY, FULL, MISSING, NOT_SIMPLE, UNBOUND = range(6)


class QueueError(RuntimeError):
    """Indicates that a queue-related error happened."""


class QueueNotFoundError(QueueError):
    """An operation tried to use a non-existent queue."""


for _error in QueueError, QueueNotFoundError:
    _error.__module__ = "concurrent.interpreters"

_QueueEmpty = _QueueFull = QueueError


def _id(value):
    if type(value) is int and 0 <= value < 0x20000000:
        return value
    if not hasattr(type(value), "__index__"):
        raise TypeError(f"queue ID must be an int, got {type(value).__name__}")
    value = value.__index__()
    if value < 0:
        raise ValueError(f"queue ID must be a non-negative int, got {value!r}")
    if value > 0x7fffffffffffffff:
        raise OverflowError("int too big to convert")
    return min(value, 0x1fffffff)


def _odd(code, qid):
    if code == MISSING:
        return QueueNotFoundError(f"queue {qid} not found")
    if code == EMPTY:
        return _QueueEmpty(f"queue {qid} is empty")
    return _QueueFull(f"queue {qid} is full")


def _checked(answer, qid):
    if type(answer) is list:
        raise _odd(answer[0], qid)
    return answer


def _unboundop(value, allow_none=True):
    value = operator.index(value)
    if value not in (-1, 1, 2, 3):
        raise ValueError(f"unsupported unboundop {value}")
    return value


def create(maxsize, unboundop=-1, fallback=-1):
    """Create a new cross-interpreter queue and return its unique generated ID."""
    maxsize = max(-0x1fffffff, min(operator.index(maxsize), 0x1fffffff))
    op = _unboundop(unboundop)
    return _heddle.queue_create(maxsize, 3 if op < 0 else op, fallback)


def destroy(qid):
    """Clear and destroy the queue."""
    if not _heddle.queue_destroy(_id(qid)):
        raise _odd(MISSING, qid)


def list_all():
    """Return the list of IDs and defaults of all queues."""
    return list(_heddle.queue_list())


def bind(qid):
    """Take a reference to the identified queue."""
    if not _heddle.queue_bind(_id(qid)):
        raise _odd(MISSING, qid)


def release(qid):
    """Release a reference to the queue."""
    if not _heddle.queue_release(_id(qid)):
        if _heddle.queue_exists(_id(qid)):
            raise QueueError(f"queue {qid} not bound")
        raise _odd(MISSING, qid)


def _put(qid, obj, op):
    """Puts; returns None, or the code of why not."""
    answer = _heddle.queue_put(qid, obj, op, False)
    if answer is None:
        return None
    if answer[0] != NOT_SIMPLE:
        return answer[0]
    packed, named = _heddle_pack.pack_naming(_heddle_pack.pack, obj)
    answer = _heddle.queue_put(qid, packed, op, True, named)
    return None if answer is None else answer[0]


def put(qid, obj, unboundop=-1):
    """Add the object's data to the queue."""
    code = _put(_id(qid), obj, _unboundop(unboundop))
    if code is not None:
        raise _odd(code, qid)


def _opened(answer, qid):
    """(object, unboundop) of a list that queue_get returned."""
    code = answer[0]
    if code == PACKED:
        return _heddle_pack.unpack(answer[1]), None
    if code == UNBOUND:
        return None, answer[1]
    raise _odd(code, qid)


def get(qid):
    """Return the (object, unbound op) from the front of the queue."""
    answer = _heddle.queue_get(_id(qid))
    return _opened(answer, qid) if type(answer) is list else (answer, None)


def get_count(qid):
    """Return the number of items in the queue."""
    return _checked(_heddle.queue_count(_id(qid)), qid)


def get_maxsize(qid):
    """Return the maximum number of items in the queue."""
    return _checked(_heddle.queue_capacity(_id(qid)), qid)


def is_full(qid):
    """Return true if the queue has a maxsize and has reached it."""
    most = get_maxsize(qid)
    return most > 0 and get_count(qid) >= most


def get_queue_defaults(qid):
    """Return the queue's default values, set when it was created."""
    return _checked(_heddle.queue_defaults(_id(qid)), qid)


def _register_heap_types(queuetype, emptyerror, fullerror):
    """Register the classes of the library."""
    global _QueueEmpty, _QueueFull
    _QueueEmpty, _QueueFull = emptyerror, fullerror
    _heddle_pack.registered[queuetype] = (_heddle_pack.QUEUE, _heddle_pack.note_queue)


def _deadline(timeout, clock):
    if timeout is None:
        return None
    timeout = float(timeout)
    if timeout < 0:
        raise ValueError("timeout value must be non-negative")
    return clock.time.monotonic() + timeout


def _left(end, clock, qid, code):
    if end is None:
        return None
    left = end - clock.time.monotonic()
    if left <= 0:
        raise _odd(code, qid)
    return left


def _patch(module):
    """Gives the library's Queue a get and a put that sleep until something happens."""
    Queue = module.Queue
    Queue.__reduce__ = lambda queue: (type(queue), (_heddle_pack.note_queue(queue),))
    resolve = module._resolve_unbound
    serialize = module._serialize_unbound

    def get(self, block=True, timeout=None, *, _delay=10 / 1000):
        if timeout is None and block:
            answer = _heddle.queue_get(self._id)
            if type(answer) is not list:
                return answer
        else:
            if not block:
                return self.get_nowait()
            answer = [EMPTY]
        return wait_get(self._id, answer, _deadline(timeout, module))

    def wait_get(qid, answer, end):
        while type(answer) is list:
            if answer[0] != EMPTY:
                obj, unboundop = _opened(answer, qid)
                return obj if unboundop is None else resolve(unboundop)
            word = _checked(_heddle.queue_words(qid), qid)[0]
            seen = _heddle.load(word)
            answer = _heddle.queue_get(qid)
            if type(answer) is list and answer[0] == EMPTY:
                _heddle.wait(word, seen, _left(end, module, qid, EMPTY))
        return answer

    def put(self, obj, block=True, timeout=None, *, unbounditems=None, _delay=10 / 1000):
        if unbounditems is None and timeout is None and block:
            if _heddle.queue_put(self._id, obj, -1, False) is None:
                return
        elif not block:
            return self.put_nowait(obj, unbounditems=unbounditems)
        unboundop = -1 if unbounditems is None else serialize(unbounditems)[0]
        wait_put(self._id, obj, unboundop, _deadline(timeout, module))

    def wait_put(qid, obj, unboundop, end):
        code = _put(qid, obj, unboundop)
        while code is not None:
            if code != FULL:
                raise _odd(code, qid)
            word = _checked(_heddle.queue_words(qid), qid)[1]
            seen = _heddle.load(word)
            code = _put(qid, obj, unboundop)
            if code == FULL:
                _heddle.wait(word, seen, _left(end, module, qid, FULL))

    get.__doc__, put.__doc__ = Queue.get.__doc__, Queue.put.__doc__
    get.__qualname__, put.__qualname__ = "Queue.get", "Queue.put"
    get.__module__ = put.__module__ = module.__name__
    Queue.get, Queue.put = get, put
`
