"""check-bufferize: the contract of the bufferize phase.

Ensures: no value is a tensor; kernels read and write memrefs; program functions dispatch kernels on ranges of buffers;
         constants are bytes of the module, each at an offset of its own.
Fails:   at the first op that is not so.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.ir import Operation
from xdsl.passes import ModulePass

from zellige.analysis.contracts import SCALAR, Contract
from zellige.analysis.tensor_bytes import size_bytes
from zellige.dialects.hal import ConstantOp, MemoryAttr
from zellige.dialects.shaped_types import is_memref, is_tensor
from zellige.support.errors import CompileError

_INTRINSIC = "intrinsic.call intrinsic.is_available intrinsic.choice intrinsic.yield intrinsic.join intrinsic.split"

_CONTRACT = Contract(
    phase="bufferize",
    module="flow.executable func.func hal.constant intrinsic.group intrinsic.func intrinsic.template",
    kernel=(
        f"{SCALAR} func.func func.return hal.workgroup_id memref.alloc memref.subview memref.reinterpret_cast "
        "memref.load memref.store vector.broadcast vector.extract vector.insert vector.reduction "
        "vector.transfer_read vector.transfer_write packed.dot packed.words "
        f"{_INTRINSIC} intrinsic.return"
    ),
    host=(
        f"{SCALAR} func.return hal.argument_size hal.report hal.subspan hal.dispatch hal.barrier memref.load "
        f"{_INTRINSIC}"
    ),
    removed_by={
        "flow.dispatch": "bufferize-host-functions",
        "tensor": "bufferize-kernels",
        "bufferization": "bufferize-kernels",
    },
    gone={TensorType: "a tensor"},
)


@dataclass(frozen=True)
class CheckBufferizePass(ModulePass):
    """Read the module and raise an error where it is not what the lowering phase expects."""

    name = "check-bufferize"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        end_bytes = 0
        for inner in _CONTRACT.legal_ops(op, self.name):
            _check_memories(inner)
            if isinstance(inner, ConstantOp):
                offset = inner.offset.value.data
                if offset < end_bytes:
                    raise _error(f"starts at byte {offset}, the constant before it ends at {end_bytes}", inner)
                type_ = inner.value.get_type()
                assert is_tensor(type_)
                end_bytes = offset + size_bytes(type_)


def _error(message: str, op: Operation) -> CompileError:
    return CompileError(message, op=op, pass_name=CheckBufferizePass.name)


def _check_memories(op: Operation) -> None:
    for result in op.results:
        if is_memref(result.type) and not isinstance(result.type.memory_space, MemoryAttr):
            raise _error(f"expected a buffer in a memory such as #hal.memory<device>, got {result.type}", op)
