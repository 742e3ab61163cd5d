"""promote-globals: between its start and its end a function works on values, not on variables.

Before:  ml_program.global private mutable @sum(dense<1.0> : tensor<4xf32>) : tensor<4xf32>
         func.func @main(%x: tensor<4xf32>, %p: i1) {
           scf.if %p {
             %0 = ml_program.global_load @sum : tensor<4xf32>
             %1 = linalg.add ins(%0, %x) …
             ml_program.global_store @sum = %1 : tensor<4xf32>
           }
           return }
After:   ml_program.global private mutable @sum : tensor<4xf32>
         func.func @main(%x: tensor<4xf32>, %p: i1) {
           %0 = ml_program.global_load @sum : tensor<4xf32>
           %2 = scf.if %p -> (tensor<4xf32>) {
             %1 = linalg.add ins(%0, %x) …
             scf.yield %1
           } else { scf.yield %0 }
           ml_program.global_store @sum = %2 : tensor<4xf32>
           return }
         func.func @initialize() attributes {hal.initializer} {
           %3 = arith.constant dense<1.0> : tensor<4xf32>
           ml_program.global_store @sum = %3 : tensor<4xf32>
           return }

A global that no function stores is a constant. A host calls the initializer once, before it calls anything else.

Requires: `inline-calls`.
Ensures:  globals have no values; a function loads one at most once, first, and stores it at most once, last.
Fails:    for a global that is not defined or of another type, and a store to one that is not mutable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, count

import numpy as np
from xdsl.context import Context
from xdsl.dialects import scf
from xdsl.dialects.builtin import DYNAMIC_INDEX, DenseIntOrFPElementsAttr, ModuleOp, UnitAttr
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint, Rewriter

from zellige.analysis.constants import array_of, constant_op, dtype_of, splat_of
from zellige.dialects.generic_forms import FormBuilder
from zellige.dialects.hal import INITIALIZER_MARK
from zellige.dialects.ml_program import GlobalLoadConstOp, GlobalLoadOp, GlobalOp, GlobalStoreOp
from zellige.dialects.shaped_types import is_tensor
from zellige.support.errors import CompileError, Note

INITIALIZER = "initialize"
"""Name of the function that gives globals their first values, unless the program has a function of that name."""

AccessOp = GlobalLoadOp | GlobalLoadConstOp | GlobalStoreOp


class PromoteGlobalsPass(ModulePass):
    """Load globals where a function starts, store them where it ends."""

    name = "promote-globals"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        known = {o.sym_name.data: o for o in op.ops if isinstance(o, GlobalOp)}
        for variable in known.values():
            self._check_variable(variable)
        accesses = [o for o in op.walk() if isinstance(o, AccessOp)]
        for access in accesses:
            self._check(access, known)
        variables = {_name(access): known[_name(access)] for access in accesses if isinstance(access, GlobalStoreOp)}
        for access in accesses:
            if _name(access) not in variables:
                _replace_by_constant(access, known[_name(access)])
        for function in [o for o in op.ops if isinstance(o, FuncOp)]:
            _Promotion(function).apply()
        if variables:
            Rewriter.insert_op(_initializer(variables, op), InsertPoint.at_end(op.body.block))
        for name, variable in known.items():
            if name in variables:
                variable.properties.pop("value", None)
            else:
                Rewriter.erase_op(variable)

    def _check_variable(self, variable: GlobalOp) -> None:
        if not is_tensor(variable.type) or DYNAMIC_INDEX in variable.type.get_shape():
            raise self._error(f"expected a global that is a tensor of static shape, got {variable.type}", variable)
        if dtype_of(variable.type.element_type) is None:
            raise self._error(f"a global of {variable.type.element_type} is not supported", variable)
        value = variable.initial_value
        if value is not None and not isinstance(value, DenseIntOrFPElementsAttr):
            hint = Note("give its value in the module, as 'dense<…>'")
            raise self._error(f"value {value} of a global is not supported", variable, hint)

    def _check(self, access: AccessOp, known: Mapping[str, GlobalOp]) -> None:
        name = _name(access)
        if name not in known:
            raise self._error(f"there is no global '@{name}' in this module", access)
        type_ = access.value.type if isinstance(access, GlobalStoreOp) else access.result.type
        if type_ != known[name].type:
            raise self._error(f"global '@{name}' is {known[name].type}, got {type_}", access)
        if isinstance(access, GlobalStoreOp) and known[name].is_mutable is None:
            raise self._error(f"global '@{name}' is stored, but not mutable", access, Note("declare it 'mutable'"))

    def _error(self, message: str, op: Operation, *notes: Note) -> CompileError:
        return CompileError(message, op=op, notes=notes, pass_name=self.name)


def _name(access: AccessOp) -> str:
    return access.symbol.root_reference.data


def _replace_by_constant(access: AccessOp, variable: GlobalOp) -> None:
    """What nobody stores has its first value always."""
    assert not isinstance(access, GlobalStoreOp)
    value = _initial_value(variable, FormBuilder(access))
    value.name_hint = access.result.name_hint
    Rewriter.replace_op(access, [], [value])


def _initial_value(variable: GlobalOp, forms: FormBuilder) -> SSAValue:
    """The value that the global starts with; zeros where it has none."""
    type_, value = variable.type, variable.initial_value
    assert is_tensor(type_)
    array = np.zeros((), dtype_of(type_.element_type)) if value is None else array_of(value)
    assert array is not None
    splat = splat_of(array)
    if splat is None:
        return forms.insert(constant_op(array, type_, variable)).result
    return forms.fill(forms.insert(constant_op(splat, type_.element_type, variable)).result, type_)


def _initializer(variables: Mapping[str, GlobalOp], module: ModuleOp) -> FuncOp:
    """A function that stores the first value of each global."""
    taken = {o.sym_name.data for o in module.ops if isinstance(o, FuncOp)}
    numbered = (f"{INITIALIZER}_{number}" for number in count(1))
    name = next(name for name in chain([INITIALIZER], numbered) if name not in taken)
    end = ReturnOp()
    function = FuncOp(name, ([], []), Region(Block([end])))
    function.location = end.location = next(iter(variables.values())).location
    function.attributes[INITIALIZER_MARK] = UnitAttr()
    for symbol, variable in variables.items():
        forms = FormBuilder(end)
        forms.insert(GlobalStoreOp(symbol, _initial_value(variable, forms)))
    return function


class _Promotion:
    """One function: the value that each global has where the walk has come."""

    def __init__(self, function: FuncOp) -> None:
        self._function = function
        self._values: dict[str, SSAValue] = {}

    def apply(self) -> None:
        block, accesses = self._function.body.block, _accesses(self._function)
        loads: list[GlobalLoadOp] = []
        for name, access in {_name(access): access for access in accesses}.items():
            load = GlobalLoadOp(name, _type_of(access))
            load.location, load.result.name_hint = access.location, name
            self._values[name] = load.result
            loads.append(load)
        unchanged = {load.result for load in loads}
        stored = _stored(self._function)
        self._visit(block)
        end = block.last_op
        assert isinstance(end, ReturnOp)
        for name in [name for name in stored if self._values[name] not in unchanged]:
            store = GlobalStoreOp(name, self._values[name])
            store.location = end.location
            Rewriter.insert_op(store, InsertPoint.before(end))
        Rewriter.insert_op([load for load in loads if load.result.first_use is not None], InsertPoint.at_start(block))

    def _visit(self, block: Block) -> None:
        for op in list(block.ops):
            match op:
                case GlobalLoadOp():
                    Rewriter.replace_op(op, [], [self._values[_name(op)]])
                case GlobalStoreOp():
                    self._values[_name(op)] = op.value
                    Rewriter.erase_op(op)
                case scf.IfOp() | scf.ForOp() | scf.WhileOp():
                    self._enter(op, _stored(op))
                case _:
                    pass

    def _enter(self, op: scf.IfOp | scf.ForOp | scf.WhileOp, names: Sequence[str]) -> None:
        """Promote inside of a loop or a branch, which then has the globals that it stores among its results."""
        before = dict(self._values)
        carried = [self._values[name] for name in names]
        types = [value.type for value in carried]
        regions = [op.detach_region(region) for region in list(op.regions)]
        if isinstance(op, scf.IfOp) and names and not regions[1].blocks:
            regions[1].add_block(Block([scf.YieldOp()]))
        for region in [region for region in regions if region.blocks]:
            block = region.block
            if isinstance(op, scf.IfOp):
                self._values = dict(before)
            else:
                for name, value in zip(names, carried, strict=True):
                    self._values[name] = block.insert_arg(value.type, len(block.args))
            self._visit(block)
            end = block.last_op
            assert end is not None
            end.operands = [*end.operands, *(self._values[name] for name in names)]
        match op:
            case scf.IfOp():
                new = scf.IfOp(op.cond, [*op.result_types, *types], regions[0], regions[1])
            case scf.ForOp():
                new = scf.ForOp(op.lb, op.ub, op.step, [*op.iter_args, *carried], regions[0])
            case scf.WhileOp():
                new = scf.WhileOp([*op.arguments, *carried], [*op.result_types, *types], *regions)
        new.location = op.location
        new.attributes |= op.attributes
        results = list(new.results)
        for old, result in zip(op.results, results, strict=False):
            result.name_hint = old.name_hint
        Rewriter.replace_op(op, new, results[: len(op.results)])
        self._values = before | dict(zip(names, results[len(results) - len(names) :], strict=True))


def _accesses(root: Operation) -> list[GlobalLoadOp | GlobalStoreOp]:
    return [o for o in root.walk() if isinstance(o, GlobalLoadOp | GlobalStoreOp)]


def _stored(root: Operation) -> list[str]:
    """The globals that are stored somewhere in `root`, in the order of the text."""
    return list(dict.fromkeys(_name(o) for o in _accesses(root) if isinstance(o, GlobalStoreOp)))


def _type_of(access: GlobalLoadOp | GlobalStoreOp) -> Attribute:
    return access.value.type if isinstance(access, GlobalStoreOp) else access.result.type
