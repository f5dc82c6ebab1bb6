/**
 * Python text that changes `_testinternalcapi` and `_testcapi`, with which CPython's own tests make
 * interpreters as C code does: here they become interpreters like all others, of another whence.
 */
export const TESTING = `
import _heddle
import _interpreters
from _interpreters import InterpreterError, InterpreterNotFoundError


def create_interpreter(config=None, *, whence=_interpreters.WHENCE_XI):
    if whence in (_interpreters.WHENCE_UNKNOWN, _interpreters.WHENCE_LEGACY_CAPI):
        if config is not None:
            raise ValueError("got unexpected config")
        config = "legacy"
    id = _heddle.interpreter_create(whence, False, _interpreters._config_bits(config))
    if id is None:
        raise InterpreterError("interpreter creation failed")
    return id


def destroy_interpreter(id, *, basic=False):
    _interpreters._info(_interpreters._id(id))
    _interpreters._end(id)


def exec_interpreter(id, code, *, main=False):
    _interpreters._info(_interpreters._id(id))
    return _interpreters._run(id, ("run", code), not main)[0]


def run_in_subinterp_with_config(code, config, *, xi=False):
    if config is None:
        raise TypeError("run_in_subinterp_with_config() argument 2 must not be None")
    whence = _interpreters.WHENCE_XI if xi else _interpreters.WHENCE_CAPI
    return _run_once(code, create_interpreter(config, whence=whence))


def run_in_subinterp(code):
    return _run_once(code, create_interpreter(whence=_interpreters.WHENCE_LEGACY_CAPI))


def _run_once(code, id):
    try:
        return exec_interpreter(id, code)
    finally:
        _interpreters._end(id)


def next_interpreter_id():
    return _heddle.interpreter_next()


def unused_interpreter_id():
    return 0x1fffffff


def interpreter_exists(id):
    return _heddle.interpreter_info(id) is not None


def normalize_interp_id(id):
    return _interpreters._id(id)


def get_interpreter_refcount(id):
    return _interpreters._info(id)[3]


def link_interpreter_refcount(id):
    _interpreters._info(id)
    _heddle.interpreter_own(id, True)


def unlink_interpreter_refcount(id):
    _interpreters._info(id)
    _heddle.interpreter_own(id, False)


def interpreter_refcount_linked(id):
    return bool(_interpreters._info(id)[4])


def patch_internal(module):
    for function in (
        create_interpreter, destroy_interpreter, exec_interpreter, run_in_subinterp_with_config,
        next_interpreter_id, unused_interpreter_id, interpreter_exists, normalize_interp_id,
        get_interpreter_refcount, link_interpreter_refcount, unlink_interpreter_refcount,
        interpreter_refcount_linked,
    ):
        setattr(module, function.__name__, function)


def patch_external(module):
    module.run_in_subinterp = run_in_subinterp
`
