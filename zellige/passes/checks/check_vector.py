"""check-vector: the contract of the vector phase.

Ensures: kernels compute scalars and vectors of one dimension and at most `bits` bits; no structured op is left.
Fails:   at the first op that is not so.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import IntegerType, ModuleOp, VectorType
from xdsl.ir import Attribute
from xdsl.passes import ModulePass

from zellige.analysis.contracts import SCALAR, Contract
from zellige.analysis.schedules import element_bits
from zellige.dialects.shaped_types import is_vector
from zellige.support.errors import CompileError, Note

_CONTRACT = Contract(
    phase="vector",
    module="flow.executable func.func ml_program.global intrinsic.group intrinsic.template",
    kernel=(
        f"{SCALAR} func.func func.return hal.workgroup_id memref.alloc memref.subview "
        "memref.reinterpret_cast memref.load memref.store "
        "tensor.empty tensor.extract tensor.extract_slice tensor.expand_shape tensor.collapse_shape "
        "packed.dot packed.words bufferization.to_tensor "
        "vector.broadcast vector.extract vector.insert vector.reduction vector.transfer_read "
        "vector.transfer_write"
    ),
    host=(
        f"{SCALAR} func.return flow.dispatch hal.barrier hal.reserve tensor.empty tensor.extract "
        "tensor.expand_shape tensor.collapse_shape flow.reshape ml_program.global_load ml_program.global_store"
    ),
    removed_by={"linalg": "vectorize-generics", "bufferization.materialize_in_destination": "vectorize-generics"},
)


@dataclass(frozen=True)
class CheckVectorPass(ModulePass):
    """Read the module and raise an error where it is not what the bufferize phase expects."""

    name = "check-vector"
    bits: int = 128

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in _CONTRACT.legal_ops(op, self.name):
            for type_ in inner.result_types:
                if is_vector(type_) and not self._fits(type_):
                    raise CompileError(
                        f"vectors have one dimension and at most {self.bits} bits, got {type_}",
                        op=inner,
                        notes=(Note("'unroll-vectors' cuts them"),),
                        pass_name=self.name,
                    )

    def _fits(self, type_: VectorType[Attribute]) -> bool:
        is_truth = type_.element_type == IntegerType(1)
        element = 8 if is_truth else element_bits(type_.element_type)
        return type_.get_num_dims() == 1 and type_.element_count() * element <= self.bits
