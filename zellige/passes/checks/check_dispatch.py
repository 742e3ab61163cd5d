"""check-dispatch: the contract of the dispatch phase.

Ensures: the module holds executables and functions; functions hold dispatches, constants, scalar computation, views and
         control flow; a dispatch has the types of its kernel; a kernel computes in `linalg.generic` and gives all
         results of its last op, which may be an op of `linalg_ext` on arguments; what it updates, or inserts a slice
         into, is an argument, to which the result is tied; arguments in constant memory are constants at every
         dispatch, and no others are.
         Where types leave sizes open, `hal.sizes` of arguments and dispatches says what they are.
Fails:   at the first op that is not so.
"""

from __future__ import annotations

from xdsl.context import Context
from xdsl.dialects import arith, cf, func, scf, tensor
from xdsl.dialects.builtin import DictionaryAttr, IndexType, ModuleOp
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir import BlockArgument, Operation
from xdsl.passes import ModulePass

from zellige.analysis.dimensions import dynamic_sizes_of, open_sizes
from zellige.analysis.views import ViewOp, is_constant
from zellige.dialects import flow
from zellige.dialects.linalg_ext import SequentialOp
from zellige.dialects.ml_program import GlobalLoadOp, GlobalOp, GlobalStoreOp
from zellige.dialects.shaped_types import is_tensor
from zellige.support.errors import CompileError
from zellige.support.printing import types_text

_HOST_OPS = (
    flow.DispatchOp,
    tensor.ExtractOp,
    tensor.EmptyOp,
    scf.IfOp,
    scf.ForOp,
    scf.WhileOp,
    scf.YieldOp,
    scf.ConditionOp,
    cf.AssertOp,
    func.ReturnOp,
    GlobalLoadOp,
    GlobalStoreOp,
)
_KERNEL_OPS = (
    GenericOp,
    SequentialOp,
    tensor.EmptyOp,
    tensor.ExtractSliceOp,
    tensor.InsertSliceOp,
    arith.ConstantOp,
    func.ReturnOp,
)


class CheckDispatchPass(ModulePass):
    """Read the module and raise an error where it is not what the memory phase expects."""

    name = "check-dispatch"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        kernels: dict[str, func.FuncOp] = {}
        for inner in op.ops:
            match inner:
                case flow.ExecutableOp():
                    kernels[inner.sym_name.data] = inner.kernel
                    _check_kernel(inner.kernel)
                case func.FuncOp() | GlobalOp():
                    pass
                case _:
                    _fail(f"expected executables and functions in the module, got '{inner.name}'", inner)
        for function in [inner for inner in op.ops if isinstance(inner, func.FuncOp)]:
            _check_host_function(function, kernels)


def _fail(message: str, op: Operation) -> None:
    raise CompileError(message, op=op, pass_name=CheckDispatchPass.name)


def _check_host_function(function: func.FuncOp, kernels: dict[str, func.FuncOp]) -> None:
    arguments = function.args[: len(function.args) - open_sizes(function)]
    for type_ in (*(argument.type for argument in arguments), *function.function_type.outputs):
        if not is_tensor(type_):
            _fail(f"arguments and results of a program function are tensors, got {type_}", function)
    if any(not isinstance(argument.type, IndexType) for argument in function.args[len(arguments) :]):
        _fail("a program function takes a value of type 'index' for each dynamic size of an argument", function)
    for op in [inner for inner in function.walk() if inner is not function]:
        is_scalar = op.dialect_name() in ("arith", "math") and not any(is_tensor(result.type) for result in op.results)
        if not is_scalar and not isinstance(op, (*_HOST_OPS, ViewOp, arith.ConstantOp)):
            _fail(f"'{op.name}' has to be part of a kernel", op)
        if isinstance(op, flow.DispatchOp):
            _check_call(op, kernels)


def _check_call(dispatch: flow.DispatchOp, kernels: dict[str, func.FuncOp]) -> None:
    name = dispatch.executable.string_value()
    if name not in kernels:
        _fail(f"there is no executable '@{name}'", dispatch)
    kernel = kernels[name]
    inputs, outputs = kernel.function_type.inputs.data, kernel.function_type.outputs.data
    if dispatch.arguments.types != inputs or dispatch.outputs.types != outputs:
        got = f"{types_text(dispatch.arguments.types)} -> {types_text(dispatch.outputs.types)}"
        _fail(f"the kernel of '@{name}' has type {kernel.function_type}, the dispatch {got}", dispatch)
    for result in dispatch.outputs:
        dynamic_sizes_of(result)
    attributes = kernel.arg_attrs.data if kernel.arg_attrs is not None else (DictionaryAttr({}),) * len(inputs)
    for index, (value, known) in enumerate(zip(dispatch.arguments, attributes, strict=True)):
        expected = is_constant(value) and is_tensor(value.type) and index not in dispatch.tied_operands
        if ("hal.memory" in known.data) != expected:
            memory = "constant" if expected else "device"
            _fail(f"argument {index} of '@{name}' is in {memory} memory, the kernel expects another", dispatch)
    expected_ties = _ties(_last_op(kernel))
    if dispatch.tied_operands != expected_ties:
        _fail(f"results are tied to what the kernel updates, {expected_ties}, got {dispatch.tied_operands}", dispatch)


def _ties(last: Operation) -> tuple[int, ...]:
    """For each result the argument that it is an update of, or -1."""
    match last:
        case tensor.InsertSliceOp():
            return (0,)
        case SequentialOp():
            return (*range(last.updated), *[-1] * (len(last.results) - last.updated))
        case _:
            return (-1,) * len(last.results)


def _last_op(kernel: func.FuncOp) -> Operation:
    terminator = kernel.body.block.last_op
    if not isinstance(terminator, func.ReturnOp) or not terminator.arguments:
        _fail("a kernel returns the results of its last op", kernel)
    assert terminator is not None
    owner = terminator.operands[0].owner
    if not isinstance(owner, GenericOp | SequentialOp | tensor.InsertSliceOp) or tuple(owner.results) != tuple(
        terminator.operands
    ):
        _fail(
            "a kernel returns all results of one 'linalg.generic', 'linalg_ext' op or 'tensor.insert_slice'", terminator
        )
    assert isinstance(owner, Operation)
    return owner


def _check_kernel(kernel: func.FuncOp) -> None:
    last = _last_op(kernel)
    for argument in kernel.args:
        dynamic_sizes_of(argument)
    for op in kernel.body.block.ops:
        if not isinstance(op, (*_KERNEL_OPS, ViewOp)):
            _fail(f"'{op.name}' may not stand in a kernel", op)
        match op:
            case tensor.InsertSliceOp() if op is not last or not _is_argument(op.dest, 0):
                _fail("a slice is inserted last, and into argument 0", op)
            case SequentialOp() if not all(isinstance(value, BlockArgument) for value in op.operands):
                _fail("an op of 'linalg_ext' works on arguments", op)
            case tensor.ExtractSliceOp() if not isinstance(op.source, BlockArgument):
                _fail("a slice in a kernel is a slice of an argument", op)
            case _ if isinstance(op, ViewOp) and not isinstance(op.src, BlockArgument):
                _fail("a view in a kernel is a view of an argument", op)
            case _:
                pass


def _is_argument(value: object, index: int) -> bool:
    return isinstance(value, BlockArgument) and value.index == index
