"""Reads a graph once, in order, and builds a program of StableHLO.

A node is computed while reading when its operands are known, else built by its function in `operators`, else replaced
by the function that its model or its schema defines it as. Nodes that are not supported are collected and named at
once; what depends on them is skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import onnx
from onnx import AttributeProto, TypeProto
from xdsl.dialects.builtin import DYNAMIC_INDEX, ArrayAttr, DictionaryAttr, ModuleOp, NameLoc, StringAttr, UnknownLoc
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Region, SSAValue

from zellige.dialects.hal import NAME_ATTRIBUTE
from zellige.frontends.onnx.assumptions import assumptions
from zellige.frontends.onnx.checking import check_model, declared_types, input_type
from zellige.frontends.onnx.dimensions import with_dimensions
from zellige.frontends.onnx.folding import fold
from zellige.frontends.onnx.input_sizes import input_tensors
from zellige.frontends.onnx.nodes import Node
from zellige.frontends.onnx.operators.table import OPERATORS
from zellige.frontends.onnx.reading import Model, normal_domain, opsets_of, read_model
from zellige.frontends.onnx.refusals import (
    Refusal,
    SkippedError,
    UnknownShapeError,
    UnsupportedError,
    describe,
    refused,
)
from zellige.frontends.onnx.schemas import OLDEST_OPSET, body_of, is_too_old, schema_of
from zellige.frontends.onnx.size_folding import fold_sizes
from zellige.frontends.onnx.tensors import Value, code_of, declared_type, tensor_of_proto
from zellige.passes.input.size_values import SizeValues
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Array, Tensor, TensorLike
from zellige.support.errors import CompileError

ENTRY = "main"
"""Name of the program function."""

FunctionKey = tuple[str, str, str]
"""Domain, name and overload of a function that a model defines."""


def import_model(
    source: str | Path | bytes | onnx.ModelProto, dimensions: Mapping[str, int] = MappingProxyType({})
) -> ModuleOp:
    """The program of an ONNX model: one function `main` with the graph's inputs and outputs, in their order and names.

    `dimensions` are sizes of dimensions that the model leaves open (`with_dimensions`). Raises `UsageError` for a file
    that cannot be read and for a dimension that the model does not have, and `CompileError` with the names of nodes and
    values for what is wrong with the model or not supported.
    """
    model = read_model(source)
    if dimensions:
        model = replace(model, proto=with_dimensions(model.proto, dimensions))
    types = check_model(model)
    importer = _Importer(model, types)
    if (module := importer.module()) is not None:
        return module
    if any(isinstance(refusal.error, UnknownShapeError) for refusal in importer.refusals):
        for assumed in assumptions(model.proto.graph):
            with suppress(CompileError):  # other numbers than these give the outputs
                if (module := _Importer(model, types, assumed).module()) is not None:
                    return module
    raise refused(importer.refusals)


@dataclass
class _Scope:
    """What names stand for in a graph or a function: values, declared types, operator versions, attributes to insert.

    A value that is None could not be made, because a node before it is not supported.
    """

    opsets: Mapping[str, int]
    types: Mapping[str, TensorLike]
    attributes: Mapping[str, AttributeProto] = field(default_factory=dict[str, AttributeProto])
    parent: _Scope | None = None
    values: dict[str, Value | None] = field(default_factory=dict[str, "Value | None"])

    def find(self, name: str) -> Value | None:
        if name in self.values:
            return self.values[name]
        assert self.parent is not None, f"'{name}' is checked to be there"
        return self.parent.find(name)


class _Importer:
    """Reads one model; where inputs are `assumed` to have certain numbers, the program checks that they do."""

    def __init__(
        self, model: Model, types: Mapping[str, TensorLike], assumed: Mapping[str, Array] = MappingProxyType({})
    ) -> None:
        self.model = model
        self.assumed = assumed
        self.types = types
        self.functions: dict[FunctionKey, onnx.FunctionProto] = {
            (normal_domain(function.domain), function.name, function.overload): function
            for function in model.proto.functions
        }
        self.refusals: list[Refusal] = []

    def module(self) -> ModuleOp | None:
        """The program; None when nodes are not supported, which are in `refusals`."""
        graph = self.model.proto.graph
        initialised = {tensor.name for tensor in graph.initializer}
        inputs = [entry for entry in graph.input if entry.name not in initialised]
        entry = Block(arg_types=[input_type(value) for value in inputs])
        build = GraphBuilder(SizeValues(entry), entry)
        scope = _Scope(self.model.opsets, self.types)
        for value, tensor in zip(inputs, input_tensors(build, inputs, entry.args), strict=True):
            _hint(tensor, value.name)
            scope.values[value.name] = tensor
        for name, numbers in self.assumed.items():
            self._assume(name, numbers, scope, build)
        self._read_graph(graph, scope, build)
        if self.refusals:
            return None
        outputs = [self._output(value, scope) for value in graph.output]
        entry.add_op(ReturnOp(*(build.value(output) for output in outputs)))
        function = FuncOp(
            ENTRY,
            ([argument.type for argument in entry.args], [output.type for output in outputs]),
            Region(entry),
            arg_attrs=_names(value.name for value in inputs),
            res_attrs=_names(value.name for value in graph.output),
        )
        return ModuleOp([function])

    def _assume(self, name: str, numbers: Array, scope: _Scope, build: GraphBuilder) -> None:
        """Let the input be known from here on."""
        given = scope.find(name)
        assert isinstance(given, Tensor)
        is_equal = build.compare("EQ", given, build.constant(numbers))
        message = f"input '{name}': expected {numbers.tolist()}, which the declared outputs follow from"
        build.check(build.reduce("and", is_equal, 1, range(is_equal.rank)), message)
        scope.values[name] = Tensor.of(numbers)

    def _output(self, declared: onnx.ValueInfoProto, scope: _Scope) -> Tensor:
        value = scope.find(declared.name)
        if not isinstance(value, Tensor):
            raise CompileError(f"output '{declared.name}' is a sequence or an optional, expected a tensor")
        type_ = declared_type(declared.type)
        if type_ is not None and not _agrees(type_, value.type):
            raise CompileError(f"output '{declared.name}' is declared as {type_}, the graph computes {value.type}")
        return value

    # Graphs

    def _read_graph(self, graph: onnx.GraphProto, scope: _Scope, build: GraphBuilder) -> None:
        for tensor in graph.initializer:
            read = tensor_of_proto(tensor, self.model.folder)
            _hint(read, tensor.name)
            scope.values[tensor.name] = read
        for sparse in graph.sparse_initializer:
            raise CompileError(f"tensor '{sparse.values.name}' is sparse, expected a dense initialiser")
        self._read_nodes(graph.node, scope, build)

    def _read_nodes(self, nodes: Iterable[onnx.NodeProto], scope: _Scope, build: GraphBuilder) -> None:
        for proto in nodes:
            operands = [scope.find(name) if name else None for name in proto.input]
            if any(name and value is None for name, value in zip(proto.input, operands, strict=True)):
                results: Sequence[Value | None] = [None] * len(proto.output)
            else:
                results = self._results(proto, operands, scope, build)
            if missing := [name for name in proto.output[len(results) :] if name]:
                raise CompileError(f"{describe(proto)} has {len(results)} results, '{missing[0]}' is one more")
            for name, value in zip(proto.output, results, strict=False):
                if name:
                    _hint(value, name)
                    scope.values[name] = value

    def _results(
        self, proto: onnx.NodeProto, operands: Sequence[Value | None], scope: _Scope, build: GraphBuilder
    ) -> Sequence[Value | None]:
        """The results of a node; None for each when it is not supported, which is noted."""
        node = self._node(proto, operands, scope, build)
        try:
            made = self._make(node, scope)
        except SkippedError:
            return [None] * len(proto.output)
        except UnsupportedError as error:
            self.refusals.append(Refusal(proto, error))
            return [None] * len(proto.output)
        except CompileError as error:
            if not error.message.startswith("node "):
                error.message = f"{describe(proto)}: {error.message}"
            raise
        if made is None:
            self.refusals.append(Refusal(proto))
            return [None] * len(proto.output)
        return made

    def _node(
        self, proto: onnx.NodeProto, operands: Sequence[Value | None], scope: _Scope, build: GraphBuilder
    ) -> Node:
        domain = normal_domain(proto.domain)
        opset = scope.opsets.get(domain, 1)
        build.location = NameLoc(StringAttr(proto.name or next(iter(proto.output), proto.op_type)), UnknownLoc())

        def read_subgraph(graph: onnx.GraphProto, inner: GraphBuilder, arguments: Sequence[Value]) -> tuple[Value, ...]:
            return self._read_subgraph(graph, scope, inner, arguments)

        return Node(
            proto=proto,
            domain=domain,
            schema=schema_of(domain, proto.op_type, opset),
            opset=opset,
            all_values=tuple(operands),
            result_types=tuple(scope.types.get(name) for name in proto.output),
            attributes=_attributes(proto, scope),
            build=build,
            read_subgraph=read_subgraph,
        )

    def _make(self, node: Node, scope: _Scope) -> Sequence[Value | None] | None:
        """The results; None when nothing here can make them."""
        local = self.functions.get((node.domain, node.proto.op_type, node.proto.overload))
        if local is not None:
            return self._call(local, node, opsets_of(local.opset_import))
        if is_too_old(node.schema, node.opset):
            raise node.unsupported(
                f"version {node.opset} of the ONNX operators is not supported, expected at least {OLDEST_OPSET}",
                f"try onnx.version_converter.convert_version(model, {OLDEST_OPSET})",
            )
        if (folded := fold(node) or fold_sizes(node)) is not None:
            return folded
        operator = OPERATORS.get((node.domain, node.proto.op_type))
        if operator is not None and (made := operator(node)) is not None:
            return [made] if isinstance(made, Tensor) else made
        if node.schema is None:
            return None
        body = body_of(node.schema, _resolved(node), node.opset, [_type_proto(value) for value in node.all_values])
        return None if body is None else self._call(body, node, {**scope.opsets, **opsets_of(body.opset_import)})

    def _call(self, function: onnx.FunctionProto, node: Node, opsets: Mapping[str, int]) -> list[Value | None]:
        """The function's body in place of the node."""
        attributes = {attribute.name: attribute for attribute in function.attribute_proto}
        if node.schema is not None:
            defaults = {name: formal.default_value for name, formal in node.schema.attributes.items()}
            attributes |= {name: value for name, value in defaults.items() if value.type != AttributeProto.UNDEFINED}
        attributes |= node.attributes
        types = {name: type_ for name, type_ in zip(function.output, node.result_types, strict=False) if type_}
        inner = _Scope(opsets, types, attributes)
        operands = [*node.all_values, *[None] * (len(function.input) - len(node.all_values))]
        inner.values.update(zip(function.input, operands, strict=True))
        absent = {name for name, value in inner.values.items() if value is None}
        self._read_nodes([_without(absent, proto) for proto in function.node], inner, node.build)
        return [inner.values.get(name) for name, _ in zip(function.output, node.proto.output, strict=False)]

    def _read_subgraph(
        self, graph: onnx.GraphProto, scope: _Scope, build: GraphBuilder, arguments: Sequence[Value]
    ) -> tuple[Value, ...]:
        """The outputs of a graph that is an attribute. Raises `SkippedError` when something in it is not supported."""
        inner = _Scope(scope.opsets, declared_types(graph), scope.attributes, scope)
        inner.values.update(zip((value.name for value in graph.input), arguments, strict=True))
        self._read_graph(graph, inner, build)
        outputs = [inner.find(value.name) for value in graph.output]
        made = tuple(output for output in outputs if output is not None)
        if len(made) != len(outputs):
            raise SkippedError("depends on what is not supported")
        return made


def _attributes(proto: onnx.NodeProto, scope: _Scope) -> dict[str, AttributeProto]:
    """The node's attributes; those that refer to an attribute of the function around it are that one's value."""
    found: dict[str, AttributeProto] = {}
    for attribute in proto.attribute:
        if not attribute.ref_attr_name:
            found[attribute.name] = attribute
        elif attribute.ref_attr_name in scope.attributes:
            value = AttributeProto()
            value.CopyFrom(scope.attributes[attribute.ref_attr_name])
            value.name = attribute.name
            found[attribute.name] = value
    return found


def _resolved(node: Node) -> onnx.NodeProto:
    """The node with the attributes that it has here."""
    proto = onnx.NodeProto()
    proto.CopyFrom(node.proto)
    del proto.attribute[:]
    proto.attribute.extend(node.attributes.values())
    return proto


def _without(absent: set[str], proto: onnx.NodeProto) -> onnx.NodeProto:
    """The node of a function's body with operands left out that the call leaves out."""
    if absent.isdisjoint(proto.input):
        return proto
    copy = onnx.NodeProto()
    copy.CopyFrom(proto)
    copy.input[:] = ["" if name in absent else name for name in proto.input]
    return copy


def _type_proto(value: Value | None) -> TypeProto:
    if value is None:
        return TypeProto()
    if isinstance(value, Tensor):
        shape = [size if isinstance(size, int) else str(size) for size in value.shape]
        return onnx.helper.make_tensor_type_proto(code_of(value.element), shape)
    if not value:
        return TypeProto()
    return onnx.helper.make_sequence_type_proto(_type_proto(value[0]))


def _agrees(declared: TensorLike, computed: TensorLike) -> bool:
    """Whether two types may be of one tensor; a dynamic size agrees with any."""
    if declared.element_type != computed.element_type or declared.get_num_dims() != computed.get_num_dims():
        return False
    return all(
        a == b or DYNAMIC_INDEX in (a, b) for a, b in zip(declared.get_shape(), computed.get_shape(), strict=True)
    )


def _names(names: Iterable[str]) -> ArrayAttr[DictionaryAttr]:
    return ArrayAttr([DictionaryAttr({NAME_ATTRIBUTE: StringAttr(name)}) for name in names])


def _hint(value: Value | None, name: str) -> None:
    """Let the text of the program show the name where it is a name there, too. A constant keeps any name."""
    if isinstance(value, Tensor) and value.known is not None and not value.name:
        value.name = name
    if isinstance(value, Tensor) and value.value is not None and value.value.name_hint is None:
        value.value.name_hint = name if SSAValue.is_valid_name(name) else None
