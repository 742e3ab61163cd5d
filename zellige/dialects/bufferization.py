"""bufferization: upstream's dialect, with memrefs in any memory.

xDSL derives the memref of `to_tensor` and `materialize_in_destination` from the tensor and so refuses every memory
space and layout; the two ops here have upstream's syntax and check shapes and element types only.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import bufferization
from xdsl.dialects.builtin import MemRefType, TensorType, UnitAttr
from xdsl.ir import Attribute, Dialect, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    base,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    opt_result_def,
    result_def,
)
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.shaped_types import is_tensor, memref_type, tensor_type


def _verify_same_contents(tensor: SSAValue, memref: SSAValue) -> None:
    contents, buffer = tensor_type(tensor), memref_type(memref)
    if contents.get_shape() != buffer.get_shape() or contents.element_type != buffer.element_type:
        raise VerifyException(f"tensor and memref must have one shape and element type: {contents}, {buffer}")


@irdl_op_definition
class ToTensorOp(IRDLOperation):
    """The contents of a buffer as a value.

    ```mlir
    %t = bufferization.to_tensor %m restrict : memref<8xf32, #hal.memory<device>> to tensor<8xf32>
    ```
    """

    name = "bufferization.to_tensor"

    memref = operand_def(MemRefType)
    tensor = result_def(TensorType)
    writable = opt_prop_def(UnitAttr)
    restrict = opt_prop_def(UnitAttr)
    assembly_format = (
        "$memref (`restrict` $restrict^)? (`writable` $writable^)? attr-dict `:` type($memref) `to` type($tensor)"
    )

    def __init__(self, memref: SSAValue, *, restrict: bool = True) -> None:
        buffer = memref_type(memref)
        super().__init__(
            operands=[memref],
            result_types=[TensorType(buffer.element_type, buffer.get_shape())],
            properties={"restrict": UnitAttr() if restrict else None},
        )

    def verify_(self) -> None:
        _verify_same_contents(self.tensor, self.memref)


@irdl_op_definition
class MaterializeInDestinationOp(IRDLOperation):
    """Write a value into a buffer; or say of a value that it should stand where another one does.

    ```mlir
    bufferization.materialize_in_destination %t in restrict writable %m
      : (tensor<8xf32>, memref<8xf32, #hal.memory<device>>) -> ()
    %1 = bufferization.materialize_in_destination %t in %0 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    ```
    """

    name = "bufferization.materialize_in_destination"

    source = operand_def(TensorType)
    dest = operand_def(base(MemRefType) | base(TensorType))
    restrict = opt_prop_def(UnitAttr)
    writable = opt_prop_def(UnitAttr)
    result = opt_result_def(TensorType)
    assembly_format = (
        "$source `in` (`restrict` $restrict^)? (`writable` $writable^)? $dest attr-dict"
        " `:` functional-type(operands, results)"
    )

    def __init__(self, source: SSAValue, dest: SSAValue) -> None:
        properties = {"restrict": UnitAttr(), "writable": UnitAttr()}
        super().__init__(operands=[source, dest], properties=properties, result_types=[None])

    def verify_(self) -> None:
        if not is_tensor(self.dest.type):
            _verify_same_contents(self.source, self.dest)
        wanted = [self.dest.type] if is_tensor(self.dest.type) else []
        if list(self.result_types) != wanted:
            raise VerifyException(f"expected results ({_words(wanted)}), got ({_words(self.result_types)})")


def _words(types: Sequence[Attribute]) -> str:
    return ", ".join(map(str, types))


_OURS = (ToTensorOp, MaterializeInDestinationOp)

Bufferization = Dialect(
    "bufferization",
    [*_OURS, *(op for op in bufferization.Bufferization.operations if op.name not in {ours.name for ours in _OURS})],
    list(bufferization.Bufferization.attributes),
)
