/** Python text that is run first: makes modules of the other texts and patches what must not poll. */
export const SETUP = String.raw`
import sys
import types
from importlib.machinery import PathFinder


def install(sources):
    for name, text in sources:
        module = types.ModuleType(name)
        sys.modules[name] = module
        exec(compile(text, f"<heddle {name}>", "exec"), module.__dict__)


class Patched:
    """A loader that changes a module of the library once it is loaded."""

    def __init__(self, loader, patch):
        self._loader, self._patch = loader, patch

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._patch(module)


class PatchFinder:
    patches = {}

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        patch = cls.patches.get(name)
        spec = PathFinder.find_spec(name, path) if patch is not None else None
        if spec is not None:
            spec.loader = Patched(spec.loader, patch)
        return spec


install(sources)
# Programs ask here whether threads can be started. They can.
info = sys._emscripten_info
sys._emscripten_info = type(info)((info.emscripten_version, info.runtime, True, info.shared_memory))
if path0:
    sys.path[:] = [path0, *[entry for entry in sys.path if entry]]
# What was looked up before the host's folders were there.
sys.path_importer_cache.clear()
# A program's __main__ begins empty.
sys.modules["__main__"].__dict__.pop("_pyodide_core", None)
# Pyodide imports this while it starts, and it looks then for what is there only now.
futures = sys.modules.get("concurrent.futures")
if futures is not None and not futures._interpreters:
    futures._interpreters = sys.modules["_interpreters"]
    if "InterpreterPoolExecutor" not in futures.__all__:
        futures.__all__.append("InterpreterPoolExecutor")
sys.modules["_interpreters"]._limit_threads()
PatchFinder.patches["concurrent.interpreters._queues"] = sys.modules["_interpqueues"]._patch
sys.meta_path.insert(0, PatchFinder)
`
