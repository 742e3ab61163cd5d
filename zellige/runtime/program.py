"""A loaded program: its functions and entry points as Python callables."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Self

from zellige.artifact import Artifact, ProgramInfo
from zellige.runtime.cache import Cache, native_module
from zellige.runtime.device import Device
from zellige.runtime.entry_point import EntryPoint
from zellige.runtime.function import ProgramFunction
from zellige.runtime.instance import Instance
from zellige.runtime.parameters import parameter_bytes
from zellige.runtime.processor import this_processor
from zellige.runtime.specialization import Specializer, portable
from zellige.runtime.validate import check_description, check_module
from zellige.support.errors import UsageError, nearest


class Program:
    """A module loaded into a device: `program["main"](x, y)` runs its function `main`. Made by `load`.

    What a program keeps between calls (its globals) belongs to it alone: two programs that are loaded from one module
    have globals of their own. Closing it, or leaving a `with` over it, gives its memory back; arrays over device
    buffers stay usable.
    """

    def __init__(
        self,
        info: ProgramInfo,
        device: Device,
        instance: Instance,
        specialized: Mapping[str, str],
        *,
        owns_device: bool,
    ) -> None:
        self.info = info
        self.device = device
        self._specialized = dict(specialized)
        self._instance = instance
        self._owns_device = owns_device
        functions = {function.name: ProgramFunction(function, instance) for function in info.functions}
        self._initializer = functions.pop(info.initializer, None)
        self._functions = functions
        self._entry_points = {entry.name: EntryPoint(entry, instance) for entry in info.entry_points}

    @property
    def functions(self) -> Mapping[str, ProgramFunction]:
        """The program functions by name; `str` of one is its signature."""
        return MappingProxyType(self._functions)

    @property
    def entry_points(self) -> Mapping[str, EntryPoint]:
        """The kernels by name, with their workgroup counts."""
        return MappingProxyType(self._entry_points)

    @property
    def specialized(self) -> Mapping[str, str]:
        """What became of each kernel of a program that was loaded with `specialize`: `native`, or why its portable body
        runs.
        """
        return MappingProxyType(self._specialized)

    def __getitem__(self, name: str) -> ProgramFunction:
        """The function of this name. Raises `UsageError` when there is none."""
        function = self._functions.get(name)
        if function is None:
            has = ", ".join(self._functions) or "none"
            message = f"the program has no function '{name}', it has {has}"
            raise UsageError(message, nearest=nearest(name, self._functions))
        return function

    def reset(self) -> None:
        """Give all globals of the program their first values again; nothing happens where it has none.

        Raises `RuntimeTrap` as a call does.
        """
        if self._initializer is not None:
            self._initializer()

    def close(self) -> None:
        self._instance.close()
        if self._owns_device:
            self.device.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<program of profile '{self.info.profile}': {'; '.join(str(f) for f in self._functions.values())}>"


def load(
    source: Artifact | str | Path,
    *,
    parameters: str | Path | None = None,
    threads: int = 1,
    cache: bool | str | Path = True,
    device: Device | None = None,
    specializer: Specializer | None = None,
) -> Program:
    """Load a compiled program: an artifact, or the path of a file that `Artifact.save` wrote.

    `parameters` is a file of parameters for a program that does not hold them (`docs/design/parameters.md`); without it
    they are the artifact's, or in the file beside the module.
    `threads` is the number of workers; this runtime has one. `cache` is where native code is kept: True for the user's
    cache folder, a folder, or False for nowhere. `device` is a device to share with other programs; without it
    the program gets one of its own and closes it with itself. `specializer` puts machine code in the place of built-in
    functions (`zellige.load` makes one).

    Raises `UsageError` for a file that cannot be read, `RuntimeTrap` (code `module`) for a module that is not a program
    of zellige or disagrees with its own description, (code `parameters`) for a file that does not have the parameters
    of the program, (code `memory`) when there is no room for it. Warns with `CacheWarning`.
    """
    if threads != 1:
        raise UsageError(f"a program runs on one worker for now, got threads={threads!r}")
    artifact = source if isinstance(source, Artifact) else Artifact.load(source)
    info = artifact.program
    check_description(artifact.module, info)
    outside = parameter_bytes(artifact, None if isinstance(source, Artifact) else source, parameters)
    place = device if device is not None else Device()
    files = Cache(cache)
    digest = hashlib.sha256(artifact.module).digest()
    processor = this_processor()
    form = portable(artifact, digest) if specializer is None else specializer(artifact, digest, processor, files)
    module = native_module(place.engine, processor, form.source, form.module, files)
    check_module(module, info, [native.name for native in form.natives])
    instance = place.link(module, info, form.natives, outside)
    program = Program(info, place, instance, form.kernels, owns_device=device is None)
    program.reset()
    return program
