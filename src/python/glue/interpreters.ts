/** Python text of `_interpreters`: the names of CPython's C module, over `_heddle`. */
import { INTERPRETER_CONFIGS } from "./interpreter-configs.ts"

/** The text, with that of the configs in it. */
export const INTERPRETERS = String.raw`
"""This module provides primitive operations to manage Python interpreters.
The 'interpreters' module provides a more convenient interface."""

import builtins
import marshal
import types

import _heddle
import _heddle_pack
from _heddle_pack import NotShareableError

WHENCE_UNKNOWN, WHENCE_RUNTIME, WHENCE_LEGACY_CAPI, WHENCE_CAPI, WHENCE_XI, WHENCE_STDLIB = range(6)

READY = 3
HOST = 0x3fffffff
# Claims above this do not count as running __main__.
HIDDEN = 0x20000000


class InterpreterError(Exception):
    """A cross-interpreter operation failed"""


class InterpreterNotFoundError(InterpreterError):
    """An interpreter was not found"""


for _error in InterpreterError, InterpreterNotFoundError:
    _error.__module__ = "concurrent.interpreters"


class CrossInterpreterBufferView:
    """Stands for a memoryview that crosses."""


def _id(value):
    if not hasattr(type(value), "__index__"):
        raise TypeError(f"interpreter ID must be an int, got {type(value).__name__}")
    value = value.__index__()
    if value < 0:
        raise ValueError(f"interpreter ID must be a non-negative int, got {value!r}")
    if value > 0x7fffffffffffffff:
        raise OverflowError("int too big to convert")
    return value


def _missing(id):
    return InterpreterNotFoundError(f"unrecognized interpreter ID {id}")


def _info(id):
    info = _heddle.interpreter_info(id) if id < 0x20000000 else None
    if info is None:
        raise _missing(id)
    return info


def _look(id, restrict, what):
    id = _id(id)
    info = _info(id)
    if restrict and info[1] != WHENCE_STDLIB:
        raise InterpreterError(f"cannot {what} unrecognized interpreter {id}")
    return id, info


def create(config="isolated", *, reqrefs=False):
    """Create a new interpreter and return a unique generated ID."""
    id = _heddle.interpreter_create(WHENCE_STDLIB, bool(reqrefs), _config_bits(config))
    if id is None:
        raise InterpreterError("interpreter creation failed")
    return id


def destroy(id, *, restrict=False):
    """Destroy the identified interpreter."""
    id, info = _look(id, restrict, "destroy")
    if id == _heddle.me():
        raise InterpreterError("cannot destroy the current interpreter")
    if id == 0 or info[2]:
        raise InterpreterError("interpreter running")
    _end(id)


def _end(id):
    _quietly(_end_now, id)


def _end_now(id):
    row = _heddle.claim(id)
    if row == 2:
        raise _missing(id)
    if row == 1:
        raise InterpreterError("interpreter running")
    info = _heddle.interpreter_info(id)
    finishes = info is not None and info[0] == READY
    try:
        if finishes:
            # The claim ends with the answer.
            _ask(row, id, ("finish",))
    finally:
        _heddle.interpreter_end(id)
        if not finishes:
            _heddle.unclaim(row)


def list_all(*, require_ready=False):
    """Return a list containing the ID of every existing interpreter."""
    return [one for one in _heddle.interpreter_list() if one[1] or not require_ready]


def get_current():
    """Return (ID, whence) of the current interpreter."""
    id = _heddle.me()
    return id, _info(id)[1]


def get_main():
    """Return (ID, whence) of the main interpreter."""
    return 0, WHENCE_RUNTIME


def whence(id):
    """Return where the interpreter was created, as a number."""
    return _info(_id(id))[1]


def is_running(id, *, restrict=False):
    """Return whether or not the identified interpreter is running."""
    id, info = _look(id, restrict, "check if running for")
    return id == 0 or (info[2] != 0 and not HIDDEN < info[2] < HOST - 1)


def incref(id, *, implieslink=False, restrict=False):
    id, _ = _look(id, restrict, "incref")
    if implieslink:
        _heddle.interpreter_own(id, True)
    _heddle.interpreter_refer(id, 1)


def decref(id, *, restrict=False):
    id, info = _look(id, restrict, "decref")
    if _heddle.interpreter_refer(id, -1) == 0 and info[4] and id != _heddle.me() and not info[2]:
        try:
            _end(id)
        except InterpreterError:
            pass


def is_shareable(obj):
    """Return True if the object's data may be shared between interpreters and False otherwise."""
    return type(obj) in _heddle_pack.ALWAYS or type(obj) in _heddle_pack.registered


def _quietly(function, *args):
    """Calls what no signal may end halfway."""
    heeded = None
    try:
        heeded = _heddle.heed(False)
        return function(*args)
    finally:
        if heeded is not False:
            _heddle.heed(True)


def _wait(word, seen, timeout):
    """Waits as a program does, which hears of signals."""
    try:
        _heddle.heed(True)
        return _heddle.wait(word, seen, timeout)
    finally:
        _heddle.heed(False)


def _ask(row, id, request):
    """Sends a request to an interpreter that is claimed, and waits for its answer."""
    try:
        place = _heddle.request(row, id, request)
    except BaseException:
        _heddle.unclaim(row)
        raise
    if place is None:
        _heddle.unclaim(row)
        raise _missing(id)
    word, seen = place
    interrupt = None
    while _heddle.load(word) == seen:
        try:
            # Who is interrupted may have been about to sleep: it is told again until it listens.
            if not _wait(word, seen, None if interrupt is None else 0.002):
                _heddle.nudge(row)
        except BaseException as error:
            # Whoever is asked hears of it too; its answer is still to come.
            interrupt = error
            _heddle.interrupt(row, 2)
    answer = _heddle.answer(row)
    if interrupt is not None:
        raise interrupt
    if answer is None:
        raise InterpreterError(f"interpreter {id} died")
    if answer is False:
        raise InterpreterError(
            f"interpreter {id} could not be started: every isolate that this process can have is "
            "taken; close interpreters that are not needed")
    return answer


def _claim(id, hidden):
    if id == _heddle.me() or id == 0:
        raise InterpreterError("interpreter already running")
    row = _heddle.claim(id, hidden)
    if row == 2:
        raise _missing(id)
    if row == 1:
        raise InterpreterError("interpreter already running")
    return row


def _ask_claimed(id, request, hidden):
    return _ask(_claim(id, hidden), id, request)


def _run(id, request, hidden=False):
    return _result(_quietly(_ask_claimed, id, request, hidden))


def _result(answer):
    """(result, excinfo) of an answer."""
    if answer[0] == "ok":
        return _heddle_pack.unpack(answer[1]), None
    if answer[0] == "error":
        return None, _excinfo(answer[1])
    error = None
    for packed in reversed(answer[1:]):
        cause, error = error, _heddle_pack.unpack(packed)
        error.__cause__ = cause
    raise error


def _excinfo(parts):
    name, qualname, module, msg, errdisplay = parts
    shown = qualname if module in (None, "builtins", "__main__") else f"{module}.{qualname}"
    return types.SimpleNamespace(
        type=types.SimpleNamespace(__name__=name, __qualname__=qualname, __module__=module),
        msg=msg, formatted=f"{shown}: {msg}", errdisplay=errdisplay)


def set___main___attrs(id, updates, *, restrict=False):
    """Bind the given attributes in the interpreter's __main__ module."""
    id, info = _look(id, restrict, "update __main__ for")
    packed = _shared(updates, "set___main___attrs", 2)
    if not packed:
        raise ValueError("arg 2 must be a non-empty mapping")
    _run(id, ("set", packed))


def _name(name):
    if not isinstance(name, str):
        raise TypeError(f"expected str, got {type(name).__name__}")
    if b"\0" in name.encode():
        raise ValueError("embedded null character")
    return str(name)


def _shared(shared, function, position=3):
    """A namespace, packed."""
    if shared is _NOTHING:
        return ()
    if not isinstance(shared, dict):
        kind = "None" if shared is None else type(shared).__name__
        raise TypeError(f"_interpreters.{function}() argument {position} must be dict, not {kind}")
    pack = _heddle_pack.pack_shareable
    return tuple([(_name(name), pack(value)) for name, value in shared.items()])


_NOTHING = object()


def exec(id, code, shared=_NOTHING, *, restrict=False):
    """Execute the provided code in the identified interpreter."""
    id, _ = _look(id, restrict, "exec code for")
    return _run(id, ("exec", _script(code), _shared(shared, "exec")))[1]


def run_string(id, script, shared=_NOTHING, *, restrict=False):
    """Execute the provided string in the identified interpreter."""
    id, _ = _look(id, restrict, "run a string for")
    if not isinstance(script, str):
        raise TypeError(f"run_string() argument 2 must be a string, not {type(script).__name__}")
    return _run(id, ("exec", _script(script), _shared(shared, "run_string")))[1]


def run_func(id, func, shared=_NOTHING, *, restrict=False):
    """Execute the body of the provided function in the identified interpreter."""
    id, _ = _look(id, restrict, "run a function for")
    if not isinstance(func, (types.FunctionType, types.CodeType)):
        raise TypeError(f"run_func() argument 2 must be a function, not {type(func).__name__}")
    return _run(id, ("exec", _script(func), _shared(shared, "run_func")))[1]


def _returns_value(code):
    """Whether code returns anything but None."""
    import dis
    before = None
    for step in dis.get_instructions(code):
        if step.opname == "RETURN_VALUE":
            if before.opname != "LOAD_CONST" or before.argval is not None:
                return True
        before = step
    return False


def _script(code):
    """Marshalled code that needs no arguments and nothing around it."""
    if isinstance(code, str):
        return marshal.dumps(compile(code, "<script>", "exec", dont_inherit=True))
    if isinstance(code, types.FunctionType):
        reason = _heddle_pack.needs(code) if code.__closure__ or code.__defaults__ else None
        if reason is not None:
            raise ValueError(reason)
        code = code.__code__
    elif not isinstance(code, types.CodeType):
        raise TypeError(f"expected str, function, or code object, got {type(code).__name__}")
    if code.co_argcount or code.co_posonlyargcount or code.co_kwonlyargcount or code.co_flags & 12:
        raise ValueError("arguments not supported")
    if code.co_cellvars or code.co_freevars:
        raise ValueError("closures not supported")
    if _returns_value(code):
        raise ValueError("code that returns a value is not a script")
    return marshal.dumps(code)


def call(id, callable, args=None, kwargs=None, *, preserve_exc=False, restrict=False):
    """Call the provided object in the identified interpreter."""
    id, _ = _look(id, restrict, "make a call in")
    if not builtins.callable(callable):
        raise TypeError(f"expected a callable, got {callable!r}")
    request = ("call", _heddle_pack.pack_callable(callable), _heddle_pack.pack(args or ()),
               _heddle_pack.pack(kwargs) if kwargs else None)
    return _run(id, request)


def capture_exception(exc=None):
    """Return a snapshot of an exception."""
    import sys
    import _heddle_serve
    if exc is None:
        exc = sys.exception()
    if not isinstance(exc, BaseException):
        raise TypeError(f"expected exception, got {exc!r}")
    return _excinfo(_heddle_serve.describe(exc))


${INTERPRETER_CONFIGS}

def get_config(id, *, restrict=False):
    """Return a representation of the config used to initialize the interpreter."""
    id, info = _look(id, restrict, "get the config of")
    bits = info[5] if id else _MAIN
    return types.SimpleNamespace(**{
        key: _GILS[bits >> i] if key == "gil" else bool(bits >> i & 1)
        for i, key in enumerate(_FIELDS)})


def _limit():
    """What this interpreter's config forbids."""
    import _thread
    import os
    import sys
    if _heddle.me() == 0:
        return
    bits = _info(_heddle.me())[5]
    if not bits >> 4 & 1:
        _thread.daemon_threads_allowed = lambda: False
        if "threading" in sys.modules:
            sys.modules["threading"]._daemon_threads_allowed = _thread.daemon_threads_allowed
    if not bits >> 2 & 1:
        def exec(*args):
            raise RuntimeError("exec not supported for isolated subinterpreters")
        os.execv = os.execve = exec
`
