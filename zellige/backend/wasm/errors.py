"""What can be wrong with a binary: it is malformed, does not type-check, does not link, or is not to be specialised."""

from __future__ import annotations

from zellige.support.errors import ZelligeError


class WasmFormatError(ZelligeError):
    """Bytes that are not a module, or not one that we read. `offset` counts from the start of what was read."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(f"{message} at offset {offset:#x}")
        self.offset = offset


class InvalidModuleError(ZelligeError):
    """A well-formed module that does not type-check.

    `function` counts the defined functions; `offset` is the place in its body.
    """

    def __init__(self, message: str, *, function: int | None = None, offset: int | None = None) -> None:
        super().__init__(message if offset is None else f"{message} at offset {offset:#x}")
        self.function = function
        self.offset = offset


class LinkError(ZelligeError):
    """Objects that do not make one module. `object_name` and `symbol` say where, as far as that is one place."""

    def __init__(self, message: str, *, object_name: str | None = None, symbol: str | None = None) -> None:
        super().__init__(message if object_name is None else f"{object_name}: {message}")
        self.object_name = object_name
        self.symbol = symbol


class DigestError(ZelligeError):
    """A function that has no digest: not all that it does is in its body and those of its callees."""


class SpecializeError(ZelligeError):
    """A module in which a function cannot be replaced as asked."""
