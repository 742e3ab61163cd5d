"""check-global: the contract of the input phase and of the global phase.

Ensures: the module holds functions; these compute in `linalg.generic` on tensors, with slices and views of them,
         scalars and control flow; sizes that types leave open are values.
Fails:   at the first op that is not so.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from zellige.analysis.contracts import SCALAR, Contract

_CONTRACT = Contract(
    phase="global",
    module="func.func ml_program.global",
    host=(
        f"{SCALAR} func.return linalg_ext linalg.generic linalg.index linalg.yield tensor.empty tensor.extract "
        "tensor.extract_slice tensor.insert_slice tensor.expand_shape tensor.collapse_shape flow.reshape "
        "ml_program.global_load ml_program.global_store"
    ),
    removed_by={
        "linalg": "generalize-named-ops",
        "iree_linalg_ext": "legalize-linalg-ext",
        "tm_tensor": "legalize-linalg-ext",
        "func.call": "inline-calls",
        "tensor.pad": "decompose-pad",
        "tensor.yield": "decompose-pad",
        "tensor.concat": "decompose-concat",
        "tensor.from_elements": "decompose-tensor-elements",
        "tensor.splat": "decompose-tensor-elements",
        "tensor.insert": "decompose-tensor-elements",
        "tensor.cast": "resolve-dimensions",
        "tensor.dim": "resolve-dimensions",
        "tensor.reshape": "fold-static-shapes",
    },
)


@dataclass(frozen=True)
class CheckGlobalPass(ModulePass):
    """Read the module and raise an error where it is not what the dispatch phase expects."""

    name = "check-global"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for _ in _CONTRACT.legal_ops(op, self.name):
            pass
