"""What the runtime is told of a program whose built-in functions are machine code; who decides that is handed to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from zellige.artifact import Artifact
from zellige.runtime.cache import Cache
from zellige.runtime.native_functions import NativeFunction
from zellige.runtime.processor import Processor

NATIVE = "native"
"""What became of a built-in function that machine code stands for."""


@dataclass(frozen=True)
class LoadedForm:
    """The form in which a program is loaded.

    `source` is a SHA-256 of what the module is made from, `module` makes it: it is called only when there is no native
    code of that source in the cache. `natives` are what it imports. `kernels` says what became of each built-in
    function: `NATIVE`, or why its portable body runs.
    """

    source: bytes
    module: Callable[[], bytes]
    natives: tuple[NativeFunction, ...] = ()
    kernels: Mapping[str, str] = field(default_factory=dict[str, str])


class Specializer(Protocol):
    """Decides which built-in functions of a program are replaced."""

    def __call__(self, artifact: Artifact, digest: bytes, processor: Processor, cache: Cache, /) -> LoadedForm:
        """The form of a program on this machine's processor; what is found out may be kept in `cache`.

        `digest` is the SHA-256 of the module.
        """
        ...


def portable(artifact: Artifact, digest: bytes) -> LoadedForm:
    """A program as it is."""
    return LoadedForm(digest, lambda: artifact.module)
