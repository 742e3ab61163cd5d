"""Programs with templates whose calls are counted: how often native code did the work, and how often it declined."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from zellige.artifact import Artifact
from zellige.native.given_templates import GivenTemplates
from zellige.native.levels import Level
from zellige.native.templates import build
from zellige.runtime.cache import Cache
from zellige.runtime.native_functions import NativeFunction
from zellige.runtime.processor import Processor
from zellige.runtime.program import Program, load
from zellige.runtime.specialization import LoadedForm
from zellige.template_database import TemplateDatabase

_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_uint32), ctypes.c_size_t
)


class WatchedTemplates:
    """Loads programs with templates, a `Specialize` of `equivalence`; counts what is `done` and `declined`, by name.

    It has to live as long as the programs.
    """

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.declined: Counter[str] = Counter()
        self._kept: list[object] = []

    def __call__(self, artifact: Artifact, database: TemplateDatabase) -> Program:
        given = GivenTemplates(database)

        def specializer(artifact: Artifact, digest: bytes, processor: Processor, cache: Cache) -> LoadedForm:
            form = given(artifact, digest, processor, cache)
            return replace(form, natives=tuple(map(self._watched, form.natives)))

        return load(artifact, cache=False, specializer=specializer)

    def _watched(self, native: NativeFunction) -> NativeFunction:
        function = _CALLBACK(native.address)

        def call(env: int, caller: int, values: Any, count: int) -> int:
            function(env, caller, values, count)
            (self.done if values[0] else self.declined)[native.name] += 1
            return 0  # no trap

        callback = _CALLBACK(call)
        self._kept += [native, callback]
        address = ctypes.cast(callback, ctypes.c_void_p).value
        assert address is not None
        return native._replace(address=address)


def templates_of(artifact: Artifact, levels: Sequence[Level]) -> TemplateDatabase:
    """The templates of a program, not checked; nothing may be left out."""
    built = build(artifact, levels)
    assert not built.omissions, built.omissions
    return built.database
