/** Python text that is run first: makes modules of the others and patches what must not poll. */
export const SETUP = `
import sys
import types
from importlib.machinery import BuiltinImporter, PathFinder


def install(sources):
    # Filled in each life of the interpreter.
    sys.modules["_heddle"] = types.ModuleType("_heddle")
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
        if patch is None:
            return None
        spec = BuiltinImporter.find_spec(name) or PathFinder.find_spec(name, path)
        if spec is not None:
            spec.loader = Patched(spec.loader, patch)
        return spec


install(sources)
# Programs ask here whether threads can be started. They can.
info = sys._emscripten_info
sys._emscripten_info = type(info)((info.emscripten_version, info.runtime, True, info.shared_memory))
# Pyodide imports this while it starts, and it looks then for what is there only now.
futures = sys.modules.get("concurrent.futures")
if futures is not None and not futures._interpreters:
    futures._interpreters = sys.modules["_interpreters"]
    if "InterpreterPoolExecutor" not in futures.__all__:
        futures.__all__.append("InterpreterPoolExecutor")
PatchFinder.patches.update({
    "socket": sys.modules["_heddle_missing"].patch_socket,
    "concurrent.futures.process": sys.modules["_heddle_missing"].patch_process_pool,
    "zoneinfo._common": sys.modules["_heddle_missing"].patch_zones,
    "subprocess": sys.modules["_heddle_processes"].patch,
    "concurrent.interpreters._queues": sys.modules["_interpqueues"]._patch,
    "_testinternalcapi": sys.modules["_heddle_testing"].patch_internal,
    "_testcapi": sys.modules["_heddle_testing"].patch_external,
})
sys.meta_path.insert(0, PatchFinder)
sys.meta_path.append(sys.modules["_heddle_missing"].Explaining)
for name in "socket", "subprocess":
    if name in sys.modules:
        PatchFinder.patches[name](sys.modules[name])
# What most programs need sooner or later lies ready in the picture of memory.
import argparse, collections, concurrent.futures.interpreter, concurrent.futures.thread, contextlib
import concurrent.interpreters, copy, dataclasses, datetime, enum, functools, gc, inspect, itertools
import json, logging, math, operator, os, pickle, queue, random, re, runpy, signal, string, struct
import tempfile, textwrap, threading, time, traceback, typing
# All that is there now stays: no collection need look at it again, and none writes to its memory.
gc.collect()
gc.freeze()
`
