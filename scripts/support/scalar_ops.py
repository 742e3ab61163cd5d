"""Ops that programs may have as they are, by the lists of two passes; the types are those of their definitions."""

from __future__ import annotations

from xdsl.ir import Attribute, Operation
from xdsl.irdl import IRDLOperation, OperandDef, ResultDef, VerificationContext
from xdsl.utils.exceptions import VerifyException

from scripts.support.element_types import words
from scripts.support.markdown import short_name, table
from zellige.compiler.universe import load_dialect
from zellige.passes.checks.check_input import SUPPORTED_OPS
from zellige.passes.input import expand_affine_maps, legalize_bufferization, legalize_scf

TYPED = ("arith", "math", "complex")
"""Dialects of scalars: their tables have types."""


_REPLACED_OPS: tuple[type[Operation], ...] = (
    *(*expand_affine_maps.REPLACED_OPS, *legalize_bufferization.REPLACED_OPS, *legalize_scf.REPLACED_OPS),
)
"""Ops that passes before `check-input` make others of."""


def section() -> str:
    """All dialects but linalg."""
    ops: dict[str, list[type[IRDLOperation]]] = {}
    for name in sorted({*SUPPORTED_OPS, *(op.name for op in _REPLACED_OPS)}):
        dialect = name.partition(".")[0]
        found = next(op for op in load_dialect(dialect).operations if op.name == name)
        assert issubclass(found, IRDLOperation)
        ops.setdefault(dialect, []).append(found)
    others = [(f"`{dialect}`", ", ".join(map(short_name, ops[dialect]))) for dialect in ops if dialect not in TYPED]
    parts = ["## Ops as they are\n", table(["dialect", "ops"], others)]
    for dialect in TYPED:
        rows = [(short_name(op), _signature(op)) for op in ops[dialect]]
        parts += [f"### {dialect}\n", table(["op", "types"], rows)]
    return "\n".join(parts)


def _signature(op: type[IRDLOperation]) -> str:
    definition = op.get_irdl_definition()
    operands = [_types(operand) for _, operand in definition.operands]
    results = [_types(result) for _, result in definition.results]
    if len({*operands, *results}) == 1:
        return results[0]
    given = operands[:1] if len(set(operands)) == 1 else operands
    return f"{'; '.join(given)} → {results[0]}"


def _types(value: OperandDef | ResultDef) -> str:
    def accepts(element: Attribute) -> bool:
        try:
            value.constr.verify((element,), VerificationContext())
        except VerifyException:
            return False
        return True

    return words(accepts)
