"""bufferize-kernels: read tiles where they stand, without a tensor in between.

Before:  %0 = bufferization.to_tensor %a restrict : memref<8x8xf32, …> to tensor<8x8xf32>
         %1 = tensor.extract_slice %0[%i, 0] [1, 8] [1, 1] : tensor<8x8xf32> to tensor<1x8xf32>
         %2 = vector.transfer_read %1[%c0, %c4], %pad {in_bounds = [true]} : tensor<1x8xf32>, vector<4xf32>
         %3 = tensor.extract %1[%c0, %c0] : tensor<1x8xf32>
After:   %1 = memref.subview %a[%i, 0] [1, 8] [1, 1] : memref<8x8xf32, …> to memref<1x8xf32, strided<[8, 1], …>, …>
         %2 = vector.transfer_read %1[%c0, %c4], %pad {in_bounds = [true]} : memref<1x8xf32, …>, vector<4xf32>
         %3 = memref.load %1[%c0, %c0] : memref<1x8xf32, …>

Writes stand where tiling has put them, so nothing is copied and the order of reads and writes is that of the program.

Requires: tensors in kernels are contents of buffers and slices of them.
Ensures:  kernels hold no tensors.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.builder import Builder
from xdsl.context import Context
from xdsl.dialects import memref, tensor, vector
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint

from zellige.analysis.dimensions import sizes_of
from zellige.analysis.strides import has_no_gaps
from zellige.dialects.bufferization import ToTensorOp
from zellige.dialects.buffers import slice_of_buffer
from zellige.dialects.flow import executables
from zellige.dialects.packed import WordsOp
from zellige.dialects.shaped_types import is_tensor, memref_type
from zellige.passes.buffer_reshapes import reshaped_buffer
from zellige.support.errors import CompileError, Note


@dataclass(frozen=True)
class BufferizeKernelsPass(ModulePass):
    """Replace tensors in kernels by the memrefs that they are read from."""

    name = "bufferize-kernels"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for executable in executables(op):
            ops = [o for o in executable.kernel.walk() if _touches_tensor(o)]
            buffers: dict[SSAValue, SSAValue] = {}
            for body_op in ops:
                _bufferize(body_op, buffers)
            for body_op in reversed(ops):
                if _touches_tensor(body_op):
                    body_op.detach()
                    body_op.erase()


def _touches_tensor(op: Operation) -> bool:
    return any(is_tensor(value.type) for value in (*op.operands, *op.results))


def _bufferize(op: Operation, buffers: dict[SSAValue, SSAValue]) -> None:
    builder = Builder(InsertPoint.before(op))
    new: Operation | None = None
    match op:
        case ToTensorOp():
            buffers[op.tensor] = op.memref
        case tensor.EmptyOp():
            pass
        case tensor.ExtractSliceOp():
            new = slice_of_buffer(buffers[op.source], op)
            buffers[op.result] = new.results[0]
        case tensor.ExpandShapeOp() | tensor.CollapseShapeOp():
            buffers[op.result] = _reshape(builder, op, buffers[op.src])
        case WordsOp():
            new = WordsOp(buffers[op.source])
            buffers[op.result] = new.result
        case tensor.ExtractOp():
            new = memref.LoadOp.get(buffers[op.tensor], op.indices)
            op.result.replace_all_uses_with(new.res)
        case vector.TransferReadOp():
            op.operands[0] = buffers[op.source]
        case _:
            raise CompileError(
                f"'{op.name}' in a kernel works on whole tensors, expected reads of tiles",
                op=op,
                pass_name=BufferizeKernelsPass.name,
            )
    if new is not None:
        new.location = op.location
        if op.results:
            new.results[0].name_hint = op.results[0].name_hint
        builder.insert(new)


def _reshape(builder: Builder, op: tensor.ExpandShapeOp | tensor.CollapseShapeOp, source: SSAValue) -> SSAValue:
    if not has_no_gaps(source) or memref_type(source).get_offset() != 0:
        raise CompileError(
            f"'{op.name}' in a kernel needs a whole buffer, got a part of one",
            op=op,
            pass_name=BufferizeKernelsPass.name,
            notes=(Note("reshape before slicing"),),
        )
    reshaped = reshaped_buffer(builder, source, sizes_of(op.result))
    reshaped.location = op.location
    reshaped.result.name_hint = op.result.name_hint
    return reshaped.result
