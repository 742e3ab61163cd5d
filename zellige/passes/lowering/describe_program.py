"""describe-program: collect what a host has to know of the program.

Before:  builtin.module attributes {hal.messages = […]} {
           flow.executable @relu workgroups [4, 1, 1] { … }
           llvm.func @main(%state: i32) attributes {hal.arguments = […], hal.results = […], hal.slab_bytes = 64, …}
After:   builtin.module attributes {hal.program = "{…}"} {
           flow.executable @relu workgroups [4, 1, 1] { … }
           llvm.func @main(%state: i32)

The text is JSON: `functions`, `entry_points`, `messages`, `globals_bytes`, `initializer` and `parameters` as in
`zellige.artifact.ProgramInfo`.

Requires: `convert-host-to-llvm`, `export-entry-points`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from xdsl.context import Context
from xdsl.dialects import llvm
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    ArrayAttr,
    DenseArrayBase,
    DenseResourceAttr,
    DictionaryAttr,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    TensorType,
    i64,
)
from xdsl.ir import Attribute
from xdsl.passes import ModulePass
from xdsl.utils.hints import isa

from zellige.analysis.kernel_functions import bindings_of, tile_function
from zellige.artifact import EntryPointInfo, FunctionInfo, ParameterInfo, TensorSignature
from zellige.dialects import flow
from zellige.dialects.hal import DONATIONS, INITIALIZER_MARK, ConstantOp
from zellige.dialects.hal_sizes import SIZES_OF
from zellige.dialects.shaped_types import is_tensor
from zellige.support.parameters import PARAMETERS

_SIGNATURE = ("hal.arguments", "hal.results", "hal.slab_bytes", "hal.slab_lower_bound_bytes", "hal.dispatches")


class DescribeProgramPass(ModulePass):
    """Turn attributes of functions and executables into the description of the module."""

    name = "describe-program"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        described = [o for o in op.ops if isinstance(o, llvm.FuncOp) and "hal.arguments" in o.attributes]
        functions = [function for function in described if SIZES_OF not in function.attributes]
        messages = op.attributes.pop("hal.messages", ArrayAttr[Attribute](()))
        assert isa(messages, ArrayAttr[StringAttr])
        program = {
            "functions": [_function_info(function).to_fields() for function in functions],
            "entry_points": [_entry_point_info(executable).to_fields() for executable in flow.executables(op)],
            "messages": [message.data for message in messages],
            "globals_bytes": _number(op.attributes.pop("hal.globals_bytes", IntegerAttr(0, i64))),
            "initializer": next((f.sym_name.data for f in functions if INITIALIZER_MARK in f.attributes), ""),
            "parameters": [asdict(parameter) for parameter in _parameters(op)],
        }
        for function in described:
            for key in (*_SIGNATURE, DONATIONS, INITIALIZER_MARK, SIZES_OF):
                function.attributes.pop(key, None)
        op.attributes["hal.program"] = StringAttr(json.dumps(program, ensure_ascii=False))


def _function_info(function: llvm.FuncOp) -> FunctionInfo:
    return FunctionInfo(
        name=function.sym_name.data,
        arguments=_signatures(function.attributes["hal.arguments"]),
        results=_signatures(function.attributes["hal.results"]),
        slab_bytes=_number(function.attributes["hal.slab_bytes"]),
        slab_lower_bound_bytes=_number(function.attributes["hal.slab_lower_bound_bytes"]),
        dispatches=_number(function.attributes["hal.dispatches"]),
        donations=_pairs(function.attributes.get(DONATIONS)),
    )


def _pairs(attribute: Attribute | None) -> tuple[tuple[int, int], ...]:
    numbers = [int(n) for n in attribute.get_values()] if isinstance(attribute, DenseArrayBase) else []
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def _parameters(module: ModuleOp) -> Iterator[ParameterInfo]:
    """The constants that have a name only; the element types that their bytes have are in an attribute."""
    types = module.attributes.pop(PARAMETERS, DictionaryAttr({}))
    assert isinstance(types, DictionaryAttr)
    for op in module.ops:
        if isinstance(op, ConstantOp) and isinstance(op.value, DenseResourceAttr):
            name = op.value.resource_handle.data
            dtype, type_ = types.data[name], op.value.get_type()
            assert isinstance(dtype, StringAttr)
            assert is_tensor(type_)
            yield ParameterInfo(name, dtype.data, type_.get_shape(), op.offset.value.data)


def _number(attribute: Attribute) -> int:
    assert isinstance(attribute, IntegerAttr)
    return attribute.value.data


def _signatures(attribute: Attribute) -> tuple[TensorSignature, ...]:
    assert isa(attribute, ArrayAttr[DictionaryAttr])
    signatures: list[TensorSignature] = []
    for entry in attribute:
        name, type_ = entry.data["name"], entry.data["type"]
        assert isinstance(name, StringAttr)
        assert isa(type_, TensorType[Attribute])
        shape = tuple(None if size == DYNAMIC_INDEX else size for size in type_.get_shape())
        signatures.append(TensorSignature(name.data, str(type_.element_type), shape))
    return tuple(signatures)


def _entry_point_info(executable: flow.ExecutableOp) -> EntryPointInfo:
    bindings = bindings_of(tile_function(executable))
    grid = executable.workgroup_counts if executable.grid is None else None
    return EntryPointInfo(executable.sym_name.data, grid, bindings)
