"""hal, for programs whose sizes are known when they run: what a host says, and what it has to provide.

The program function `name` has a function `name.sizes` beside it, which a host calls first: it reads the sizes of the
arguments, checks them, and reports the sizes of the results and of the slab.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import I64, DenseArrayBase, IndexType, IntegerAttr, i64
from xdsl.ir import Attribute, SSAValue
from xdsl.irdl import (
    AttrSizedOperandSegments,
    EqAttrConstraint,
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

SIZES_OF = "hal.sizes_of"
"""Attribute of a function that checks and reports sizes: the name of the program function."""


@irdl_op_definition
class ArgumentSizeOp(IRDLOperation):
    """A dynamic size of an argument of the program function; `number` counts these in order.

    ```mlir
    %n = hal.argument_size 0 : index
    ```
    """

    name = "hal.argument_size"

    number = prop_def(IntegerAttr[I64])
    size = result_def(EqAttrConstraint(IndexType()) | EqAttrConstraint(i64))
    traits = traits_def(Pure())
    assembly_format = "$number attr-dict `:` type($size)"

    def __init__(self, number: int, type_: Attribute) -> None:
        super().__init__(properties={"number": IntegerAttr(number, i64)}, result_types=[type_])


@irdl_op_definition
class ReserveOp(IRDLOperation):
    """What a call of the program function needs before it starts, at the start of the function.

    `results` are the dynamic sizes of its results, in order. Each slot is a part of the slab for transient values: the
    elements of one product of dynamic sizes, rounded up to 64, are its unit, of which it has as many as `extents` says.

    ```mlir
    hal.reserve results(%n) slots(%unit) [4608]
    ```
    """

    name = "hal.reserve"

    result_sizes = var_operand_def(IndexType())
    units = var_operand_def(IndexType())
    extents = prop_def(DenseArrayBase.constr(i64))
    irdl_options = (AttrSizedOperandSegments(as_property=True),)
    assembly_format = "`results` `(` $result_sizes `)` `slots` `(` $units `)` $extents attr-dict"

    def __init__(self, result_sizes: Sequence[SSAValue], units: Sequence[SSAValue], extents: Sequence[int]) -> None:
        super().__init__(operands=[result_sizes, units], properties={"extents": DenseArrayBase.from_list(i64, extents)})

    @property
    def slot_extents(self) -> tuple[int, ...]:
        """Units of each slot."""
        return tuple(int(extent) for extent in self.extents.get_values())

    def verify_(self) -> None:
        if len(self.units) != len(self.slot_extents):
            raise VerifyException(f"expected an extent for each of {len(self.units)} slots, got {self.slot_extents}")
        if min(self.slot_extents, default=1) < 1:
            raise VerifyException(f"a slot has at least 1 unit, got {self.slot_extents}")


@irdl_op_definition
class ReportOp(IRDLOperation):
    """Tell the host the dynamic sizes of the results, in order, and the bytes of the slab.

    ```mlir
    hal.report results(%n, %m) slab(%bytes)
    ```
    """

    name = "hal.report"

    result_sizes = var_operand_def(i64)
    slab_bytes = operand_def(i64)
    assembly_format = "`results` `(` $result_sizes `)` `slab` `(` $slab_bytes `)` attr-dict"

    def __init__(self, result_sizes: Sequence[SSAValue], slab_bytes: SSAValue) -> None:
        super().__init__(operands=[result_sizes, slab_bytes])
