"""hal: memories, buffers and dispatches, as the code of the module sees them.

Contract. `#hal.memory<…>` is the memory space of a memref and becomes the address space of an `!llvm.ptr` (local 0,
device 2, constant 3). A *subspan* names bytes of one of the buffers that a program function is given; it has no
effect. A *dispatch* runs every workgroup of an executable; the workgroups of one dispatch may run at the same time and
in any order. A *barrier* stands between two dispatches of which the later one needs what the earlier one wrote, or
overwrites what it reads.

An argument or a result of a program function may carry `hal.name`, the name that its host knows it by; it need not be a
name of the text. `hal.sizes` of an argument says for each of its dimensions which argument of the function is its size,
-1 where the type has it; of a `flow.dispatch`, the same of its operands, for each result.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    I64,
    ArrayAttr,
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    DenseResourceAttr,
    IndexType,
    IntAttr,
    IntegerAttr,
    MemRefType,
    StringAttr,
    SymbolNameConstraint,
    SymbolRefAttr,
    i64,
)
from xdsl.dialects.utils import EnumAttribute
from xdsl.ir import Attribute, Dialect, ParametrizedAttribute, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    base,
    irdl_attr_definition,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.traits import Pure, SymbolOpInterface
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.str_enum import StrEnum

from zellige.dialects.hal_sizes import ArgumentSizeOp, ReportOp, ReserveOp
from zellige.dialects.shaped_types import memref_type

NAME_ATTRIBUTE = "hal.name"
"""Attribute of an argument or a result of a program function."""

SIZES = "hal.sizes"
"""Attribute of an argument of a function, or of a dispatch: where sizes are that types leave open."""

DONATIONS = "hal.donations"
"""Attribute of a program function: numbers of arguments that are given away, each with that of the result there."""

INITIALIZER_MARK = "hal.initializer"
"""Attribute of the program function that gives globals their first values."""


def named_size(sizes: Attribute | None, dimension: int) -> int | None:
    """The argument or operand that `hal.sizes` names for a dimension."""
    numbers = [int(number) for number in sizes.get_values()] if isinstance(sizes, DenseArrayBase) else []
    return numbers[dimension] if dimension < len(numbers) and numbers[dimension] >= 0 else None


class Memory(StrEnum):
    """The memories of a module."""

    DEVICE = "device"
    LOCAL = "local"
    CONSTANT = "constant"


@irdl_attr_definition
class MemoryAttr(EnumAttribute[Memory]):
    """Memory space of a memref, `#hal.memory<device>`."""

    name = "hal.memory"

    ADDRESS_SPACES: ClassVar = {Memory.LOCAL: 0, Memory.DEVICE: 2, Memory.CONSTANT: 3}

    @property
    def address_space(self) -> int:
        """LLVM address space of pointers into this memory."""
        return self.ADDRESS_SPACES[self.data]

    def print_parameter(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string(self.data.value)

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> Memory:
        with parser.in_angle_brackets():
            return parser.parse_str_enum(Memory)


class Region(StrEnum):
    """The buffers that a program function works on."""

    SLAB = "slab"
    SLOT = "slot"
    ARGUMENT = "argument"
    RESULT = "result"
    CONSTANT = "constant"
    GLOBAL = "global"


@irdl_attr_definition
class PlacementAttr(ParametrizedAttribute):
    """Where the bytes of a tensor value stand, `#hal.placement<slab 0 64>`: region, index in it, offset in bytes.

    The index counts the arguments or the results of the program function, or the slots that its `hal.reserve` has; it
    is 0 for the slab, the constants and the globals. In a slot, the offset is in units of the slot.
    """

    name = "hal.placement"

    region: StringAttr
    index: IntegerAttr
    offset: IntegerAttr

    def __init__(self, region: Region, index: int, offset_bytes: int) -> None:
        super().__init__(StringAttr(region.value), IntegerAttr(index, i64), IntegerAttr(offset_bytes, i64))

    @property
    def place(self) -> tuple[Region, int, int]:
        """Region, index and offset in bytes as plain values."""
        return Region(self.region.data), self.index.value.data, self.offset.value.data

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            region, index, offset = self.place
            printer.print_string(f"{region.value} {index} {offset}")

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[StringAttr | IntegerAttr]:
        with parser.in_angle_brackets():
            region = parser.parse_str_enum(Region)
            index = parser.parse_integer()
            offset = parser.parse_integer()
        return (StringAttr(region.value), IntegerAttr(index, i64), IntegerAttr(offset, i64))

    def verify(self) -> None:
        region, index, offset = self.place
        if offset < 0 or index < 0:
            raise VerifyException(f"index and offset must not be negative, got {index} and {offset}")
        if index and region in (Region.SLAB, Region.CONSTANT, Region.GLOBAL):
            raise VerifyException(f"there is one {region.value} region, got index {index}")


@irdl_attr_definition
class ScheduleAttr(ParametrizedAttribute):
    """How a structured op is cut, `#hal.schedule<workgroup [64, 64, 0] tile [4, 16, 1]>`, one number a loop.

    `workgroup` is the part of a loop that one workgroup runs (0: all of it; it divides the loop's extent) and counts on
    the last op of a kernel. `tile` is the part that is one vector value: of a parallel loop the register tile, of
    a reduction loop the lanes that are summed apart from each other. `pack` names inputs that are copied, panel by
    panel of the loop with the largest tile, into local memory, where the elements of a panel are neighbours.
    """

    name = "hal.schedule"

    workgroup: ArrayAttr[IntAttr]
    tile: ArrayAttr[IntAttr]
    pack: ArrayAttr[IntAttr]

    def __init__(self, workgroup: Sequence[int], tile: Sequence[int], pack: Sequence[int] = ()) -> None:
        super().__init__(*(ArrayAttr(IntAttr(n) for n in numbers) for numbers in (workgroup, tile, pack)))

    @property
    def workgroup_sizes(self) -> tuple[int, ...]:
        """Iterations of each loop that one workgroup runs; 0 for all."""
        return tuple(size.data for size in self.workgroup)

    @property
    def tile_sizes(self) -> tuple[int, ...]:
        """Iterations of each loop that are one vector value."""
        return tuple(size.data for size in self.tile)

    @property
    def packed_inputs(self) -> tuple[int, ...]:
        """Inputs that are copied into panels."""
        return tuple(number.data for number in self.pack)

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string(f"workgroup {list(self.workgroup_sizes)} tile {list(self.tile_sizes)}")
            if self.packed_inputs:
                printer.print_string(f" pack {list(self.packed_inputs)}")

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[ArrayAttr[IntAttr]]:
        def sizes() -> ArrayAttr[IntAttr]:
            numbers = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, parser.parse_integer)
            return ArrayAttr(IntAttr(number) for number in numbers)

        with parser.in_angle_brackets():
            parser.parse_characters("workgroup")
            workgroup = sizes()
            parser.parse_characters("tile")
            tile = sizes()
            pack = sizes() if parser.parse_optional_characters("pack") is not None else ArrayAttr[IntAttr](())
            return workgroup, tile, pack

    def verify(self) -> None:
        if len(self.workgroup) != len(self.tile):
            raise VerifyException(f"{len(self.workgroup)} workgroup sizes but {len(self.tile)} tile sizes")
        if any(size < 0 for size in self.workgroup_sizes) or any(size < 1 for size in self.tile_sizes):
            raise VerifyException("a workgroup size must be at least 0, a tile size at least 1")


ConstantAttr = DenseIntOrFPElementsAttr | DenseResourceAttr
"""A constant tensor: its bytes, or the name of a parameter."""


@irdl_op_definition
class ConstantOp(IRDLOperation):
    """Bytes of the constant memory, from `offset` on. A parameter has a name only: its bytes are the host's to write.

    ```mlir
    hal.constant @weights at 64 = dense<"0x…"> : tensor<4x4xf32>
    hal.constant @bias at 128 = dense_resource<"layer.bias"> : tensor<4xf32>
    ```
    """

    name = "hal.constant"

    sym_name = prop_def(SymbolNameConstraint())
    offset = prop_def(IntegerAttr[I64])
    value = prop_def(base(DenseIntOrFPElementsAttr) | base(DenseResourceAttr))
    traits = traits_def(SymbolOpInterface())
    assembly_format = "$sym_name `at` $offset `=` $value attr-dict"

    def __init__(self, sym_name: str, offset_bytes: int, value: ConstantAttr) -> None:
        super().__init__(
            properties={
                "sym_name": StringAttr(sym_name),
                "offset": IntegerAttr(offset_bytes, i64),
                "value": value,
            }
        )


@irdl_op_definition
class SubspanOp(IRDLOperation):
    """A range of a buffer of the program function, from byte `offset` on. `sizes` are those that the type leaves open.

    ```mlir
    %x = hal.subspan "argument" 1[%offset](%n) : memref<?x8xf32, #hal.memory<device>>
    ```
    """

    name = "hal.subspan"

    region = prop_def(StringAttr)
    index = prop_def(IntegerAttr[I64])
    offset = operand_def(IndexType())
    sizes = var_operand_def(IndexType())
    buffer = result_def(MemRefType)
    traits = traits_def(Pure())
    assembly_format = "$region $index `[` $offset `]` (`(` $sizes^ `)`)? attr-dict `:` type($buffer)"

    def __init__(
        self,
        region: Region,
        index: int,
        offset_bytes: SSAValue,
        buffer_type: MemRefType,
        sizes: Sequence[SSAValue] = (),
    ) -> None:
        super().__init__(
            operands=[offset_bytes, sizes],
            properties={"region": StringAttr(region.value), "index": IntegerAttr(index, i64)},
            result_types=[buffer_type],
        )

    def verify_(self) -> None:
        words = [region.value for region in Region if region is not Region.SLOT]
        if self.region.data not in words:
            raise VerifyException(f"region must be one of {', '.join(words)}, got '{self.region.data}'")
        expected = sum(size == DYNAMIC_INDEX for size in memref_type(self.buffer).get_shape())
        if len(self.sizes) != expected:
            raise VerifyException(f"expected {expected} sizes for {self.buffer.type}, got {len(self.sizes)}")


@irdl_op_definition
class DispatchOp(IRDLOperation):
    """Run every workgroup of an executable on these buffers and scalars.

    ```mlir
    hal.dispatch @matmul(%a, %b, %out) : memref<…>, memref<…>, memref<…>
    ```
    """

    name = "hal.dispatch"

    executable = prop_def(SymbolRefAttr)
    bindings = var_operand_def()
    assembly_format = "$executable `(` $bindings `)` attr-dict `:` type($bindings)"

    def __init__(self, executable: str, bindings: Sequence[SSAValue]) -> None:
        super().__init__(operands=[bindings], properties={"executable": SymbolRefAttr(executable)})


@irdl_op_definition
class BarrierOp(IRDLOperation):
    """Wait until every worker has finished all dispatches before this one.

    ```mlir
    hal.barrier
    ```
    """

    name = "hal.barrier"

    assembly_format = "attr-dict"


@irdl_op_definition
class WorkgroupIdOp(IRDLOperation):
    """Coordinate of the running workgroup in dimension 0 (x), 1 (y) or 2 (z).

    ```mlir
    %x = hal.workgroup_id 0
    ```
    """

    name = "hal.workgroup_id"

    dimension = prop_def(IntegerAttr[I64])
    coordinate = result_def(IndexType())
    traits = traits_def(Pure())
    assembly_format = "$dimension attr-dict"

    def __init__(self, dimension: int) -> None:
        super().__init__(properties={"dimension": IntegerAttr(dimension, i64)}, result_types=[IndexType()])

    def verify_(self) -> None:
        if not 0 <= self.dimension.value.data <= 2:
            raise VerifyException(f"a workgroup has dimensions 0 to 2, got {self.dimension.value.data}")


@irdl_op_definition
class ObjectOp(IRDLOperation):
    """A relocatable wasm object, as bytes.

    ```mlir
    hal.object @matmul = dense<"0x…"> : tensor<812xi8>
    ```
    """

    name = "hal.object"

    sym_name = prop_def(SymbolNameConstraint())
    content = prop_def(DenseIntOrFPElementsAttr)
    traits = traits_def(SymbolOpInterface())
    assembly_format = "$sym_name `=` $content attr-dict"

    def __init__(self, sym_name: str, content: DenseIntOrFPElementsAttr) -> None:
        super().__init__(properties={"sym_name": StringAttr(sym_name), "content": content})


Hal = Dialect(
    "hal",
    [ArgumentSizeOp, ReserveOp, ReportOp, ConstantOp, SubspanOp, DispatchOp, BarrierOp, WorkgroupIdOp, ObjectOp],
    [MemoryAttr, PlacementAttr, ScheduleAttr],
)
