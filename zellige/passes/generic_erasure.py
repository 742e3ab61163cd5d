"""Erasing structured ops that others have replaced, with what only they used."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import tensor
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.rewriter import Rewriter


def erase_generics(generics: Sequence[GenericOp]) -> None:
    """Erase generics, given in program order, that only each other use, and the empty tensors left without a use."""
    for generic in reversed(generics):
        inits = dict.fromkeys(init.owner for init in generic.outputs)
        Rewriter.erase_op(generic)
        for init in inits:
            if isinstance(init, tensor.EmptyOp) and init.tensor.first_use is None:
                Rewriter.erase_op(init)
