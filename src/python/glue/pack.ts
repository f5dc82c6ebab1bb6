/**
 * Python text of `_heddle_pack`: objects that are no simple values, as tuples of simple values.
 *
 * What CPython does for each kind of object is kept: exact types are looked up first; functions
 * that need nothing from their module travel as code; all else is pickled, and a name that the
 * receiver's `__main__` lacks is looked for in the sender's script, run once as another module.
 */
export const PACK = `
import marshal
import sys
import types
from _thread import get_ident

import _heddle

SIMPLE, PICKLE, FUNCTION, TUPLE, QUEUE, MEMORY, CHANNEL = range(7)

FAKE_MAIN = "<fake __main__>"


class NotShareableError(TypeError):
    """An object could not be sent to another interpreter."""

    __module__ = "concurrent.interpreters"


# Types whose exact instances need neither pickle nor code; tuples if none of their items does.
ALWAYS = {type(None), bool, int, float, str, bytes, tuple, memoryview}

# Types whose exact instances travel by their own rule: type -> (kind, payload of an object).
registered = {}

# Queues that are named by what a thread is packing: their ids, by the thread's.
naming = {}


def note_queue(queue):
    """The id of a queue that is being packed."""
    names = naming.get(get_ident())
    if names is not None:
        names.append(queue._id)
    return queue._id


def pack_naming(pack, *args):
    """What pack(*args) gives, and the ids of the queues in it."""
    me = get_ident()
    before = naming.get(me)
    names = naming[me] = []
    try:
        return pack(*args), tuple(names)
    finally:
        if before is None:
            del naming[me]
        else:
            naming[me] = before


def make_queue(qid):
    from concurrent.interpreters import Queue
    return Queue(qid)


# Kind -> what makes an object from its payload.
makers = {QUEUE: make_queue}


def unshareable(obj, cause=None):
    error = NotShareableError(f"{obj} does not support cross-interpreter data")
    error.__cause__ = cause
    return error


def pack_shareable(obj):
    """Packs what needs neither pickle nor code."""
    if _heddle.simple(obj):
        return (SIMPLE, obj)
    kind = type(obj)
    if kind is tuple:
        return (TUPLE, tuple([pack_shareable(item) for item in obj]))
    if kind is memoryview:
        return pack_memory(obj)
    if kind is int:
        raise OverflowError("try sending as bytes")
    rule = registered.get(kind)
    if rule is None:
        raise unshareable(obj)
    return (rule[0], rule[1](obj))


def pack(obj):
    """Packs whatever can be sent."""
    if _heddle.simple(obj):
        return (SIMPLE, obj)
    if type(obj) is tuple:
        return (TUPLE, tuple([pack(item) for item in obj]))
    try:
        return pack_shareable(obj)
    except (NotShareableError, OverflowError) as error:
        first = error
    try:
        if type(obj) is types.FunctionType and needs(obj) is None:
            return pack_code(obj.__code__)
        return pack_pickle(obj)
    except NotShareableError:
        raise first from None
    finally:
        # Its traceback names this frame, which would keep it, and the object, until a collection.
        del first


def pack_callable(obj):
    """Packs what shall be called: a function as code if possible, else pickled."""
    reason = needs(obj) if type(obj) is types.FunctionType else None
    if type(obj) is types.FunctionType and reason is None:
        return pack_code(obj.__code__)
    try:
        return pack_pickle(obj)
    except NotShareableError as error:
        if reason is None:
            raise
        raise NotShareableError("only stateless functions are shareable") from ValueError(reason)


def pack_pickle(obj):
    import pickle
    try:
        data = pickle.dumps(obj)
    except Exception as error:
        raise NotShareableError("object could not be pickled") from error
    return (PICKLE, data, main_file() if b"__main__" in data else None)


def main_file():
    main = sys.modules.get("__main__")
    name = getattr(main, "__file__", None)
    return name if type(name) is str else None


def pack_memory(view):
    return (MEMORY, view.tobytes(), view.format, view.shape, view.readonly)


def pack_code(code):
    return (FUNCTION, marshal.dumps(code))


# What functions need that does not travel, by the identity of their code, which is kept alive.
known_needs = {}


def needs(function):
    """Why a function cannot travel as code alone; None when it can."""
    if function.__defaults__ or function.__kwdefaults__:
        return "defaults not supported"
    code = function.__code__
    if code.co_freevars or function.__closure__:
        return "closures not supported"
    found = known_needs.get(id(code))
    if found is None or found[0] is not code or found[1] is not function.__globals__:
        if len(known_needs) >= 1024:
            known_needs.clear()
        names = global_names(code, set(code.co_names) & function.__globals__.keys())
        found = (code, function.__globals__, "globals not supported" if names else None)
        known_needs[id(code)] = found
    return found[2]


def global_names(code, among):
    """Those of some names that code or a function within uses as globals."""
    inner = [const for const in code.co_consts if isinstance(const, types.CodeType)]
    if not among and not inner:
        return set()
    import dis
    used = {step.argval for step in dis.get_instructions(code) if step.opname.endswith("_GLOBAL")}
    return used & among


def unpack(packed):
    kind = packed[0]
    if kind == SIMPLE:
        return packed[1]
    if kind == TUPLE:
        return tuple([unpack(item) for item in packed[1]])
    if kind == PICKLE:
        return unpack_pickle(packed[1], packed[2])
    if kind == FUNCTION:
        return types.FunctionType(marshal.loads(packed[1]), sys.modules["__main__"].__dict__)
    if kind == MEMORY:
        return unpack_memory(*packed[1:])
    return makers[kind](packed[1])


def unpack_memory(data, form, shape, readonly):
    view = memoryview(data if readonly else bytearray(data))
    if form == "B" and len(shape) == 1:
        return view
    return view.cast(form) if len(shape) == 1 else view.cast("B").cast(form, shape)


def unpack_pickle(data, script):
    try:
        return load(data, script)
    except Exception as error:
        raise NotShareableError("object could not be unpickled") from error


def load(data, script):
    import pickle
    if FAKE_MAIN.encode() in data and FAKE_MAIN not in sys.modules:
        sys.modules[FAKE_MAIN] = sys.modules["__main__"]
    try:
        return pickle.loads(data)
    except AttributeError as error:
        if script is None or "__main__" not in str(error):
            raise
        main = sys.modules["__main__"]
        sys.modules["__main__"] = fake_main(script)
        try:
            return pickle.loads(data)
        finally:
            sys.modules["__main__"] = main


def fake_main(script):
    fake = sys.modules.get(FAKE_MAIN)
    if fake is None or getattr(fake, "__file__", None) != script:
        import runpy
        namespace = runpy.run_path(script, run_name=FAKE_MAIN)
        fake = types.ModuleType(FAKE_MAIN)
        fake.__dict__.update(namespace)
        for value in namespace.values():
            if isinstance(value, types.FunctionType) and value.__module__ == FAKE_MAIN:
                rebind(value, fake.__dict__)
        sys.modules[FAKE_MAIN] = fake
    return fake


def rebind(function, namespace):
    # runpy clears the namespace that the functions of the script look their globals up in.
    function.__globals__.update(namespace)
`
