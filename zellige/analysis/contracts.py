"""Which ops and types may stand where after a phase: the tables of the `check-…` passes in one form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Attribute, Operation

from zellige.dialects import intrinsic
from zellige.dialects.flow import ExecutableOp
from zellige.support.errors import CompileError, Note

SCALAR = "arith math scf cf.assert"
"""Scalar computation and structured control flow, legal in kernels and program functions until they are lowered."""

NO_HINTS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Contract:
    """What may stand in a module, in its executables and in its program functions after a phase.

    The body of a built-in function is held to what a kernel is.

    Ops are named, and so are dialects of which every op is legal, with blanks between names. `removed_by` is the pass
    that removes an op, or the ops of a dialect; `gone` are types that no value has any more, by the words for them.
    """

    phase: str
    module: str
    kernel: str = ""
    host: str = ""
    removed_by: Mapping[str, str] = field(default_factory=lambda: NO_HINTS)
    gone: Mapping[type[Attribute], str] = field(default_factory=dict[type[Attribute], str])

    def legal_ops(self, module: ModuleOp, pass_name: str) -> Iterator[Operation]:
        """All ops inside the module, each found legal. Raises `CompileError` at the first that is not."""
        places = {what: frozenset(words.split()) for what, words in self._places().items()}
        for top in module.body.block.ops:
            self._check(top, "the module", places["the module"], pass_name)
            yield top
            where = "a kernel" if isinstance(top, ExecutableOp | intrinsic.FuncOp) else "a program function"
            for op in top.walk():
                if op is not top:
                    self._check(op, where, places[where], pass_name)
                    yield op

    def _places(self) -> dict[str, str]:
        return {"the module": self.module, "a kernel": self.kernel, "a program function": self.host}

    def _check(self, op: Operation, where: str, legal: frozenset[str], pass_name: str) -> None:
        dialect = op.dialect_name()
        if op.name not in legal and dialect not in legal:
            expected = Note(f"expected {', '.join(sorted(legal))}") if legal else Note("expected no op at all")
            remover = self.removed_by.get(op.name, self.removed_by.get(dialect))
            hints = (expected,) if remover is None else (expected, Note(f"'{remover}' removes it"))
            message = f"'{op.name}' may not stand in {where} after phase '{self.phase}'"
            raise CompileError(message, op=op, notes=hints, pass_name=pass_name)
        arguments = (argument for region in op.regions for block in region.blocks for argument in block.args)
        for value in (*op.results, *arguments):
            words = self.gone.get(type(value.type))
            if words is not None:
                message = f"{words} may not stand in {where} after phase '{self.phase}', got {value.type}"
                raise CompileError(message, op=op, pass_name=pass_name)
