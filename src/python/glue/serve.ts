/** Python text of `_heddle_serve`: the life of an interpreter, and what it is asked to do. */
export const SERVE = String.raw`
import marshal
import sys
import warnings
from functools import partial
from types import BuiltinFunctionType, FunctionType, ModuleType

import _heddle
import _heddle_pack


def begin(env, whole, path, streams, argv):
    """What is an interpreter's own, and not that of the CPython whose memory it began with."""
    import logging
    import os
    import random
    import time
    if whole:
        os.environ.clear()
    os.environ.update(env)
    random.seed()
    logging._startTime = time.time_ns()
    sys.path[:] = [*path, *[entry for entry in sys.path if entry and entry not in path]]
    # What was looked up before the host's folders were there.
    sys.path_importer_cache.clear()
    sys.modules["__main__"].__dict__.pop("_pyodide_core", None)
    sys.argv = list(argv)
    sys.orig_argv = [sys.executable, *argv]
    sys.modules["_heddle_pipes"].begin(streams)


def serve():
    """Waits to be somebody's interpreter; does what others ask, until one asks to finish."""
    seat = _heddle.seat_word()
    while not _heddle.take_seat():
        _heddle.wait(seat, 0, None)
    sys.modules["_interpreters"]._limit()
    turn = _heddle.turn_word()
    while True:
        seen = _heddle.load(turn)
        try:
            request = _heddle.next()
        except MemoryError as error:
            _heddle.reply(failed(error))
            continue
        if request is None:
            try:
                heeding(_heddle.wait, turn, seen, None)
            except KeyboardInterrupt:
                pass
        elif request[0] == "finish":
            return finish()
        else:
            kind = request[0]
            answer(outcome_for_host if kind in FOR_HOST else outcome, DO[kind], request)


def heeding(function, *args):
    """Calls what a signal may end; everything else here goes on until it is done."""
    try:
        _heddle.heed(True)
        return function(*args)
    finally:
        _heddle.heed(False)


def quietly(function, *args):
    """Calls a program's function whose failure nobody hears of."""
    try:
        heeding(function, *args)
    except BaseException:
        pass


def answer(outcome, do, request):
    """Whatever a program does, also while its result is packed, it is answered, once."""
    try:
        reply, named, _result = heeding(outcome, do, request)
    except BaseException as error:
        reply, named = failed(error), ()
    quietly(flush)
    try:
        _heddle.reply(reply, named)
    except Exception as error:
        # Shared memory is used up.
        _heddle.reply(failed(error))


def outcome(do, request):
    """The answer, the ids of the queues that it names, and what holds these until it is sent."""
    try:
        result = do(*request[1:])
    except Unpacking as failure:
        return ("raise", *pack_causes(failure.error)), (), None
    except BaseException as error:
        return failed(error), (), None
    return *_heddle_pack.pack_naming(share, result), result


def failed(error):
    return ("error", describe(strip(error)))


def with_causes(error):
    """An exception, what caused it, and so on, without the frames of the glue."""
    strip(error)
    chain = []
    while error is not None and len(chain) < 16:
        chain.append(error)
        error = error.__cause__
    return chain


def share(result):
    try:
        return ("ok", _heddle_pack.pack(result))
    except Exception as error:
        return ("raise", *pack_causes(error))


def pack_causes(error):
    """An exception and what caused it, and so on: pickle leaves causes behind."""
    return [pack_error(one) for one in with_causes(error)]


def pack_error(error):
    try:
        return _heddle_pack.pack(error)
    except Exception:
        return _heddle_pack.pack(_heddle_pack.NotShareableError(str(error)))


def finish():
    quietly(end)
    _heddle.reply(("ok", (0, None)))


def end():
    """The end of a program: its threads, what it has registered, what it leaves."""
    import atexit
    threading = sys.modules.get("threading")
    if threading is not None:
        reporting(threading._shutdown)
    reporting(atexit._run_exitfuncs)
    _heddle.end_other_threads()
    reporting(clear)
    reporting(flush_files)
    flush()


def reporting(function):
    """Calls what a program may end by an exception, which does not end what comes after it."""
    try:
        function()
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)


def clear():
    """What the program held goes with it: queues, and interpreters that nobody else holds."""
    import gc
    namespace = sys.modules["__main__"].__dict__
    gc.collect()
    for turn in range(3):
        going = [name for name, value in namespace.items() if turn_to_go(name, value) == turn]
        for name in reversed(going):
            namespace[name] = None
        gc.collect()


def turn_to_go(name, value):
    """Whose end runs code goes first, and finds the rest as it was; what is code goes last."""
    if name == "__builtins__":
        return None
    if hasattr(type(value), "__del__"):
        return 0
    code = name.startswith("__") or issubclass(type(value), (type, FunctionType, ModuleType))
    return 2 if code else 1


def flush_files():
    """What was written to files that are still open is not lost."""
    import gc
    import io
    for one in gc.get_objects():
        if isinstance(one, (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom)):
            try:
                one.flush()
            except Exception:
                pass


def flush():
    for stream in sys.stdout, sys.stderr:
        try:
            stream.flush()
        except Exception:
            pass


class Unpacking(Exception):
    """What was sent could not be made anew here."""

    def __init__(self, error):
        self.error = error


def strip(error):
    """An exception whose tracebacks do not show the frames of the glue, which stands for C."""
    seen = set()
    todo = [error]
    while todo:
        one = todo.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        kept = []
        at = one.__traceback__
        while at is not None:
            if not at.tb_frame.f_code.co_filename.startswith("<heddle "):
                kept.append(at)
            at = at.tb_next
        for frame, later in zip(kept, [*kept[1:], None]):
            frame.tb_next = later
        one.__traceback__ = kept[0] if kept else None
        todo += [one.__cause__, one.__context__, *getattr(one, "exceptions", ())]
    return error


def describe(error):
    """An exception as simple values."""
    kind = type(error)
    try:
        msg = str(error)
    except BaseException:
        msg = "<exception str() failed>"
    try:
        from traceback import TracebackException
        lines = TracebackException(kind, error, error.__traceback__).format()
        display = "".join(lines).removesuffix("\n")
    except BaseException:
        display = None
    module = getattr(kind, "__module__", None)
    return (kind.__name__, kind.__qualname__, module, msg, display)


def bind(shared):
    namespace = sys.modules["__main__"].__dict__
    for name, packed in shared:
        namespace[name] = _heddle_pack.unpack(packed)


def do_exec(code, shared):
    bind(shared)
    namespace = sys.modules["__main__"].__dict__
    exec(marshal.loads(code), namespace, namespace)


def opened(packed, what):
    try:
        return _heddle_pack.unpack(packed)
    except Exception as error:
        failure = _heddle_pack.NotShareableError(f"{what} not shareable")
        failure.__cause__ = error
        raise Unpacking(failure)


def do_call(function, args, kwargs):
    function = opened(function, "func")
    args = opened(args, "args")
    kwargs = opened(kwargs, "kwargs") if kwargs is not None else {}
    if type(function) is not BuiltinFunctionType:
        return function(*args, **kwargs)
    # eval(), globals() and their like look at the frame that calls them: it is that of __main__.
    code = CALL.replace(co_consts=(partial(function, *args, **kwargs), None))
    namespace = sys.modules["__main__"].__dict__
    return eval(code, namespace, namespace)


with warnings.catch_warnings(action="ignore"):
    CALL = compile("'function'()", "<heddle call>", "eval")


def do_set(shared):
    bind(shared)


def do_run(source):
    """As C code runs a string: what it raises is printed."""
    namespace = sys.modules["__main__"].__dict__
    try:
        exec(compile(source, "<string>", "exec", dont_inherit=True), namespace, namespace)
    except BaseException as error:
        strip(error)
        sys.excepthook(type(error), error, error.__traceback__)
        return -1
    return 0


DO = {"exec": do_exec, "call": do_call, "set": do_set, "run": do_run}
# Requests of the host, and how they end: _heddle_host fills them in.
FOR_HOST = set()
outcome_for_host = outcome
`
