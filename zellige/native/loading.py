"""Loading a program, with native code for its built-in functions where that is asked for."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Literal

from zellige.artifact import Artifact
from zellige.native.specializer import KernelSpecializer
from zellige.runtime.device import Device
from zellige.runtime.program import Program
from zellige.runtime.program import load as load_portable
from zellige.support.errors import UsageError, nearest

Specialize = Literal["native", "require"]

_MODES = ("native", "require")


def load(
    source: Artifact | str | Path,
    *,
    specialize: Specialize | None = None,
    templates: str | Path | None = None,
    verify: bool = False,
    strict: bool = False,
    processor: Collection[str] | None = None,
    parameters: str | Path | None = None,
    threads: int = 1,
    cache: bool | str | Path = True,
    device: Device | None = None,
) -> Program:
    """Load a compiled program: an artifact, or the path of a file that `Artifact.save` wrote.

    `parameters` is a `.safetensors` file for a program that was compiled with `parameters="external"`, with all names
    that it needs, in the same element types and shapes; without it, parameters are the artifact's, or in the file
    beside the module. The file is mapped, and copied into the program.

    `threads` is the number of workers; this runtime has one. `cache` is where native code is kept: True for the user's
    cache folder, a folder, or False for nowhere. `device` is a device to share with other programs; without it
    the program gets one of its own and closes it with itself.

    With `specialize`, machine code runs in place of built-in functions (`docs/builtins.md`): that of the database
    `templates`, which is as trusted as a shared library, or made from the module's own text. `verify` runs each
    template beside its portable body on a small sample first; `strict` uses only what was equal bit by bit; `processor`
    names the CPU features that may be used, of those that there are. What cannot be used is one `SpecializeWarning`
    with `native`, and an error with `require`. `Program.specialized` has the outcome.

    Raises `UsageError` for a file that cannot be read and for options that do not fit each other, `RuntimeTrap` (code
    `module`) for a module that is not a program of zellige or disagrees with its own description, (code `memory`) when
    there is no room for it, (code `parameters`) for a file without what the program needs, (code `specialize`) for what
    `require` asks. Warns with `CacheWarning`.
    """
    if specialize is None:
        if templates is not None or verify or strict or processor is not None:
            raise UsageError(
                "'templates', 'verify', 'strict' and 'processor' say how to specialise a program, and need 'specialize'"
            )
        return load_portable(source, parameters=parameters, threads=threads, cache=cache, device=device)
    if specialize not in _MODES:
        message = f"'specialize' is {specialize!r}, expected 'native' or 'require'"
        raise UsageError(message, nearest=nearest(specialize, _MODES))
    if isinstance(processor, str):
        raise UsageError(f"'processor' is '{processor}', expected a collection of CPU features")
    specializer = KernelSpecializer(
        Path(templates) if templates is not None else None,
        frozenset(processor) if processor is not None else None,
        verify,
        strict,
        is_required=specialize == "require",
    )
    return load_portable(
        source, parameters=parameters, threads=threads, cache=cache, device=device, specializer=specializer
    )
