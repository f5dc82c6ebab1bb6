/** Python text of `_interpreters`: how interpreters are configured, as numbers. */
export const INTERPRETER_CONFIGS = `
_CONFIGS = {
    "isolated": (False, False, False, True, False, True, "own"),
    "legacy": (True, True, True, True, True, False, "shared"),
    "empty": (False, False, False, False, False, False, "default"),
}
_FIELDS = ("use_main_obmalloc", "allow_fork", "allow_exec", "allow_threads", "allow_daemon_threads",
           "check_multi_interp_extensions", "gil")
_GILS = ("default", "shared", "own")
_MAIN = 2 << 6 | 0b011111


def new_config(name="isolated", /, **overrides):
    """Return a representation of a new PyInterpreterConfig."""
    values = _CONFIGS.get("isolated" if name in ("", "default") else name)
    if values is None:
        name.encode()
        raise ValueError(f"unsupported config name '{name}'")
    fields = dict(zip(_FIELDS, values))
    for key, value in overrides.items():
        if key in fields:
            fields[key] = _field(key, value)
    extra = len(overrides.keys() - fields.keys())
    if extra:
        raise ValueError(f"got {extra} extra keys in config dict")
    return types.SimpleNamespace(**fields)


def _field(key, value):
    if type(value) is not (str if key == "gil" else bool):
        raise TypeError(f"invalid config type: {key} is {type(value).__name__}")
    if key == "gil" and value not in _GILS:
        raise ValueError(f"unsupported gil config value '{value}'")
    return value


def _config_bits(config):
    """A config as a number; ValueError or InterpreterError when there is no such interpreter."""
    if config is None or isinstance(config, str):
        config = new_config(config or "isolated")
    try:
        fields = dict(vars(config))
    except TypeError:
        raise TypeError(f"bad config {config!r}") from None
    bits = 0
    for i, key in enumerate(_FIELDS):
        if key not in fields:
            raise ValueError(f"missing config key: {key}")
        value = _field(key, fields.pop(key))
        bits |= (_GILS.index(value) if key == "gil" else value) << i
    if fields:
        raise ValueError(f"got {len(fields)} extra keys in config dict")
    if not bits & 1 and not bits & 32:
        cause = RuntimeError(
            "per-interpreter obmalloc does not support single-phase init extension modules")
        raise InterpreterError("interpreter creation failed") from cause
    return bits
`
