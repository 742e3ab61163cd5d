"""check-static-shapes: refuse tensors whose sizes are not known at compile time.

Requires: shapes that can be computed are folded into types, which is why this is no part of `check-input`.
Ensures:  every dimension of every tensor has a size.
Fails:    at the first op with a dynamic result or argument.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import DYNAMIC_INDEX, ModuleOp, TensorType
from xdsl.passes import ModulePass
from xdsl.utils.hints import isa

from zellige.support.errors import CompileError, Note


@dataclass(frozen=True)
class CheckStaticShapesPass(ModulePass):
    """Look at the type of every value."""

    name = "check-static-shapes"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in op.walk():
            arguments = [
                argument.type for region in inner.regions for block in region.blocks for argument in block.args
            ]
            for type_ in (*inner.result_types, *arguments):
                if isa(type_, TensorType) and DYNAMIC_INDEX in type_.get_shape():
                    raise CompileError(
                        f"'{inner.name}' makes a tensor with a dynamic dimension: {type_}",
                        op=inner,
                        notes=(Note("dynamic dimensions are not supported yet: give every dimension a size"),),
                        pass_name=self.name,
                    )
