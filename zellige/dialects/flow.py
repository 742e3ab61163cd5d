"""flow: a program as dispatches of executables, on tensor values.

Contract. A `flow.executable` holds one kernel function of its name; executables know nothing of each other. A
`flow.dispatch` is a pure function of its operands: tensors have value semantics until the memory plan says where their
bytes stand. Only a result that is tied to an operand may take over that operand's bytes without looking the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    AffineMapAttr,
    DenseArrayBase,
    IndexType,
    ModuleOp,
    StringAttr,
    SymbolNameConstraint,
    SymbolRefAttr,
    TensorType,
    i64,
)
from xdsl.dialects.func import FuncOp
from xdsl.dialects.llvm import FuncOp as LLVMFuncOp
from xdsl.ir import Attribute, Block, Dialect, Operation, Region, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    region_def,
    result_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.traits import IsolatedFromAbove, NoTerminator, Pure, SymbolOpInterface, SymbolTable
from xdsl.utils.exceptions import VerifyException

from zellige.dialects.shaped_types import tensor_type


@irdl_op_definition
class ExecutableOp(IRDLOperation):
    """One kernel. `workgroups` is the number of workgroups in x, y and z, from tiling on.

    Of a kernel with dynamic sizes `grid` is a map from its arguments, as symbols, to these numbers.

    ```mlir
    flow.executable @relu {
      func.func @relu(%x: tensor<8xf32>) -> tensor<8xf32> { … }
    }
    ```
    """

    name = "flow.executable"

    sym_name = prop_def(SymbolNameConstraint())
    workgroups = opt_prop_def(DenseArrayBase.constr(i64))
    grid = opt_prop_def(AffineMapAttr)
    body = region_def("single_block")
    traits = traits_def(SymbolOpInterface(), SymbolTable(), IsolatedFromAbove(), NoTerminator())
    assembly_format = "$sym_name (`workgroups` $workgroups^)? (`grid` $grid^)? attr-dict-with-keyword $body"

    def __init__(self, sym_name: str, ops: Sequence[Operation], workgroups: Sequence[int] | None = None) -> None:
        super().__init__(
            properties={
                "sym_name": StringAttr(sym_name),
                "workgroups": None if workgroups is None else DenseArrayBase.from_list(i64, workgroups),
            },
            regions=[Region(Block(ops))],
        )

    @property
    def kernel(self) -> FuncOp:
        """The kernel function, before it is lowered to the llvm dialect."""
        return next(op for op in self.body.block.ops if isinstance(op, FuncOp))

    @property
    def is_counted(self) -> bool:
        """Whether tiling has chosen the workgroups."""
        return self.workgroups is not None or self.grid is not None

    @property
    def workgroup_counts(self) -> tuple[int, int, int]:
        """Workgroups in x, y, z, where they depend on no argument; one of each until tiling has chosen."""
        assert self.grid is None, "the workgroups of a kernel with dynamic sizes depend on its arguments"
        if self.workgroups is None:
            return 1, 1, 1
        x, y, z = (int(n) for n in self.workgroups.get_values())
        return x, y, z

    @property
    def workgroup_map(self) -> AffineMap:
        """From the kernel's arguments, as symbols, to the workgroups in x, y and z."""
        if self.grid is not None:
            return self.grid.data
        return AffineMap(0, 0, tuple(AffineExpr.constant(count) for count in self.workgroup_counts))

    def verify_(self) -> None:
        names = [op.sym_name.data for op in self.body.block.ops if isinstance(op, FuncOp | LLVMFuncOp)]
        if not {self.sym_name.data, f"{self.sym_name.data}.tile"} & set(names):
            raise VerifyException(f"expected a function '@{self.sym_name.data}' inside, got {names}")
        if self.workgroups is not None and len(self.workgroups) != 3:
            raise VerifyException(f"workgroups are counted in 3 dimensions, got {len(self.workgroups)}")
        if self.grid is not None:
            grid = self.grid.data
            if self.workgroups is not None:
                raise VerifyException("workgroups are counted by numbers or by a grid, got both")
            if grid.num_dims or len(grid.results) != 3:
                raise VerifyException(f"a grid maps symbols to 3 numbers, got {grid}")


@irdl_op_definition
class DispatchOp(IRDLOperation):
    """Call an executable on tensors and scalars.

    `tied[i]` is the operand whose bytes result `i` must take over (an update in place), or -1.

    ```mlir
    %y = flow.dispatch @relu(%x) : (tensor<8xf32>) -> tensor<8xf32>
    ```
    """

    name = "flow.dispatch"

    executable = prop_def(SymbolRefAttr)
    tied = opt_prop_def(DenseArrayBase.constr(i64))
    arguments = var_operand_def()
    outputs = var_result_def()
    traits = traits_def(Pure())
    assembly_format = (
        "$executable `(` $arguments `)` (`tied` $tied^)? attr-dict `:` functional-type($arguments, $outputs)"
    )

    def __init__(
        self,
        executable: str,
        arguments: Sequence[SSAValue],
        result_types: Sequence[Attribute],
        tied: Sequence[int] | None = None,
    ) -> None:
        super().__init__(
            operands=[arguments],
            result_types=[result_types],
            properties={
                "executable": SymbolRefAttr(executable),
                "tied": None if tied is None else DenseArrayBase.from_list(i64, tied),
            },
        )

    @property
    def tied_operands(self) -> tuple[int, ...]:
        """For each result the operand that it is tied to, or -1."""
        if self.tied is None:
            return (-1,) * len(self.outputs)
        return tuple(int(i) for i in self.tied.get_values())

    def verify_(self) -> None:
        if self.tied is None:
            return
        if len(self.tied) != len(self.outputs):
            raise VerifyException(f"expected one tied operand per result ({len(self.outputs)}), got {len(self.tied)}")
        for output, operand in zip(self.outputs, self.tied_operands, strict=True):
            if operand >= len(self.arguments):
                raise VerifyException(f"tied operand {operand} of {len(self.arguments)}")
            if operand >= 0 and self.arguments[operand].type != output.type:
                raise VerifyException(f"tied to {self.arguments[operand].type}, the result is {output.type}")


@irdl_op_definition
class ReshapeOp(IRDLOperation):
    """The elements of a tensor, in order, under another shape, of which `sizes` are those that its type leaves open.

    It stands for a `tensor.collapse_shape` of which the result has a size that is a product of dynamic ones.

    ```mlir
    %y = flow.reshape %x(%n) : tensor<?x?x8xf32> -> tensor<?x8xf32>
    ```
    """

    name = "flow.reshape"

    src = operand_def(TensorType)
    sizes = var_operand_def(IndexType())
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = "$src `(` $sizes `)` attr-dict `:` type($src) `->` type($result)"

    def __init__(self, source: SSAValue, sizes: Sequence[SSAValue], result_type: TensorType[Attribute]) -> None:
        super().__init__(operands=[source, sizes], result_types=[result_type])

    def verify_(self) -> None:
        source, result = tensor_type(self.src), tensor_type(self.result)
        if source.element_type != result.element_type:
            raise VerifyException(f"expected elements of {source.element_type}, got {result}")
        expected = sum(size == DYNAMIC_INDEX for size in result.get_shape())
        if len(self.sizes) != expected:
            raise VerifyException(f"expected {expected} sizes for {result}, got {len(self.sizes)}")


def executables(module: ModuleOp) -> list[ExecutableOp]:
    """The executables of a module, in order."""
    return [op for op in module.body.block.ops if isinstance(op, ExecutableOp)]


Flow = Dialect("flow", [ExecutableOp, DispatchOp, ReshapeOp], [])
