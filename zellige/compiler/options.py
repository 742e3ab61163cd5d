"""What a user can choose about a compilation. Everything else is in the text of the pipeline."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, cast

from zellige.support.errors import UsageError, nearest

FEATURES = MappingProxyType(
    {
        "full": (
            "atomics",
            "bulk-memory",
            "multimemory",
            "mutable-globals",
            "nontrapping-fptoint",
            "relaxed-simd",
            "sign-ext",
            "simd128",
        ),
        "simd": ("bulk-memory", "mutable-globals", "nontrapping-fptoint", "sign-ext", "simd128"),
        "mvp": ("mutable-globals",),
    }
)
"""Profile -> the engine features that its modules may need, as `target_features` spells them."""

PARAMETERS = ("embed", "external")
"""Where parameters may be."""


@dataclass(frozen=True)
class CompileOptions:
    """Options of `zellige.compile`.

    `profile`: `full` has three memories, SIMD and relaxed SIMD; `simd` one memory and SIMD; `mvp` one memory and
    scalars only.
    `deterministic`: results are equal bit by bit in every engine, at the cost of fused multiply-adds.
    `builtins`: kernels are marked as built-in functions, and the module carries what native code is made from.
    `dimensions`: sizes of dimensions that an ONNX model leaves open, by their names, or by `INPUT:AXIS`.
    `parameters`: weights are in the module (`embed`), or in a file beside it (`external`), which another one with the
    same names and types may stand for.

    Raises `UsageError` for another profile, a `deterministic` or `builtins` that is not a bool, `dimensions` that
    are not a mapping of names to sizes, or other `parameters`.
    """

    profile: str = "full"
    deterministic: bool = False
    builtins: bool = True
    dimensions: Mapping[str, int] = field(default_factory=dict[str, int], hash=False)
    parameters: str = "embed"

    def __post_init__(self) -> None:
        if self.profile not in tuple(FEATURES):  # a tuple also takes what cannot be hashed
            message = f"profile must be one of {', '.join(FEATURES)}, got {self.profile!r}"
            raise UsageError(message, nearest=nearest(self.profile, FEATURES))
        for name in ("deterministic", "builtins"):
            if (value := getattr(self, name)) not in (True, False):
                raise UsageError(f"{name} must be True or False, got {value!r}")
        _check_dimensions(self.dimensions)
        if self.parameters not in PARAMETERS:
            message = f"parameters must be one of {', '.join(PARAMETERS)}, got {self.parameters!r}"
            raise UsageError(message, nearest=nearest(self.parameters, PARAMETERS))

    @staticmethod
    def of(**options: Any) -> CompileOptions:
        """Options from keywords. Raises `UsageError` for an unknown one too."""
        known = [field.name for field in dataclasses.fields(CompileOptions)]
        for name in options:
            if name not in known:
                raise UsageError(f"unknown option '{name}', known are {', '.join(known)}", nearest=nearest(name, known))
        return CompileOptions(**options)

    @property
    def features(self) -> tuple[str, ...]:
        """Engine features that the module may need, sorted."""
        return tuple(
            feature for feature in FEATURES[self.profile] if not (self.deterministic and feature == "relaxed-simd")
        )


def _check_dimensions(dimensions: object) -> None:
    if not isinstance(dimensions, Mapping):
        raise UsageError(f"dimensions must be sizes by their names, got {dimensions!r}")
    for name, size in cast("Mapping[object, object]", dimensions).items():
        if isinstance(size, bool) or not isinstance(size, int) or size < 0:
            raise UsageError(f"dimension '{name}' must have a size, got {size!r}")
