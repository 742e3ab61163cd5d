"""What is wrong with a model, before anything is built: names, order, operators, attributes, types.

The checker and the shape inference of onnx read a copy of the model in which large initialisers are inputs, so that no
weights are copied. Both are asked after our own checks, which name the nodes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from math import prod
from typing import Any, cast

import onnx
from onnx import AttributeProto, TensorProto
from onnx.checker import ValidationError
from onnx.shape_inference import InferenceError, infer_shapes

from zellige.frontends.onnx.operators.table import OPERATORS
from zellige.frontends.onnx.reading import Model, normal_domain, opsets_of
from zellige.frontends.onnx.refusals import Refusal, describe, refused
from zellige.frontends.onnx.schemas import ONNXRUNTIME, WITHOUT_DOMAIN, has_body, schema_of
from zellige.frontends.onnx.tensors import declared_type, element_of_code
from zellige.passes.input.tensors import TensorLike
from zellige.support.errors import CompileError

SMALL_INITIALISER_ELEMENTS = 1 << 10
"""Shapes and axes are smaller; these stay initialisers when shapes are inferred."""


_KEEPS_SHAPE = frozenset(
    {"Abs", "Cast", "CastLike", "Erf", "Exp", "Identity", "Log", "Neg", "Not", "Relu", "Sigmoid", "Sqrt", "Tanh"}
)
"""Operators whose first operand has the shape of the result."""


def check_model(model: Model) -> dict[str, TensorLike]:
    """Refuse a model that is not a program, and return the types that are declared or inferred for its values.

    Raises `CompileError` that names the node or the value.
    """
    graph = model.proto.graph
    initialised = {tensor.name for tensor in graph.initializer}
    for value in graph.input:
        if value.name not in initialised:
            input_type(value)
    _check_names(graph, set())
    for function in model.proto.functions:
        _check_nodes(function.node, set(function.input), f"function '{function.name}'")
    _check_operators(model)
    try:
        inferred = _inferred(model).graph
    except UnicodeDecodeError as cause:
        raise CompileError(f"a text of the model is not UTF-8: {cause.object[:40]!r}") from cause
    types = declared_types(inferred)
    _infer_backwards(inferred, types)
    return types


def _infer_backwards(graph: onnx.GraphProto, types: dict[str, TensorLike]) -> None:
    """What goes into an operator that keeps shapes has the shape of what comes out; element types are not looked at."""
    for node in reversed(graph.node):
        if node.op_type in _KEEPS_SHAPE and node.output[0] in types:
            types.setdefault(node.input[0], types[node.output[0]])


def input_type(value: onnx.ValueInfoProto) -> TensorLike:
    """The type of an input. Raises `CompileError` for anything but a ranked tensor."""
    try:
        type_ = declared_type(value.type)
    except CompileError as error:
        error.message = f"input '{value.name}': {error.message}"
        raise
    if type_ is None:
        got = value.type.WhichOneof("value") or "no type"
        raise CompileError(f"input '{value.name}' has to be a tensor with a shape, got {got.replace('_', ' ')}")
    return type_


def declared_types(graph: onnx.GraphProto) -> dict[str, TensorLike]:
    """The types of values that have one, outputs included."""
    types: dict[str, TensorLike] = {}
    for value in (*graph.value_info, *graph.output):
        try:
            type_ = declared_type(value.type)
        except CompileError as error:
            error.message = f"value '{value.name}': {error.message}"
            raise
        if type_ is not None:
            types[value.name] = type_
    return types


# Names and order


def _check_names(graph: onnx.GraphProto, outer: set[str]) -> None:
    visible = outer | {value.name for value in graph.input}
    for tensor in graph.initializer:
        try:
            element_of_code(tensor.data_type)
        except CompileError as error:
            error.message = f"initialiser '{tensor.name}': {error.message}"
            raise
        visible.add(tensor.name)
    visible |= {sparse.values.name for sparse in graph.sparse_initializer}
    _check_nodes(graph.node, visible, f"graph '{graph.name}'")
    for value in graph.output:
        if value.name not in visible:
            raise CompileError(f"output '{value.name}' is made by no node, and is no input or initialiser")


def _check_nodes(nodes: Iterable[onnx.NodeProto], visible: set[str], where: str) -> None:
    """Each operand is there before its node. Adds the results to `visible`."""
    makers = {name: node for node in nodes for name in node.output if name}
    for node in nodes:
        _check_texts(node)
        for name in node.input:
            if name and name not in visible:
                raise _missing(node, name, makers, where)
        if node.op_type == "Einsum":
            _check_equation(node)
        for graph in subgraphs(node):
            _check_names(graph, visible)
        visible.update(name for name in node.output if name)


def _check_texts(node: onnx.NodeProto) -> None:
    """Text that is not UTF-8 comes out of the protocol buffer as bytes."""
    for text in cast("list[object]", [node.name, node.op_type, node.domain, *node.input, *node.output]):
        if not isinstance(text, str):
            raise CompileError(f"a node has the text {text!r}, expected UTF-8")


_EQUATION = re.compile(r"( |[A-Za-z]|\.\.\.|,|->)*")
"""The inference of onnx does not come to an end on other texts."""


def _check_equation(node: onnx.NodeProto) -> None:
    for attribute in node.attribute:
        text = attribute.s.decode("utf-8", "replace")
        if attribute.name == "equation" and _EQUATION.fullmatch(text) is None:
            raise CompileError(f"{describe(node)}: 'equation' is '{text}', expected letters, ',', '...' and '->'")


def _missing(node: onnx.NodeProto, name: str, makers: Mapping[str, onnx.NodeProto], where: str) -> CompileError:
    if name not in makers:
        return CompileError(f"{describe(node)} reads '{name}', which no node, input or initialiser of {where} makes")
    if (cycle := _cycle(name, makers)) is not None:
        path = ", ".join(describe(member) for member in cycle)
        return CompileError(f"{where} has a cycle: {path}")
    return CompileError(f"{describe(node)} reads '{name}' before {describe(makers[name])} makes it")


def _cycle(name: str, makers: Mapping[str, onnx.NodeProto]) -> list[onnx.NodeProto] | None:
    """The nodes of a cycle that the value depends on, if there is one."""
    path: dict[str, None] = {}
    done: set[str] = set()
    pending: list[tuple[str, bool]] = [(name, False)]
    while pending:
        current, is_left = pending.pop()
        if is_left:
            path.pop(current)
            done.add(current)
        elif current in path:
            values = list(path)
            members = {id(makers[value]): makers[value] for value in values[values.index(current) :]}
            return list(members.values())
        elif current in makers and current not in done:
            path[current] = None
            pending.append((current, True))
            pending += [(operand, False) for operand in makers[current].input]
    return None


def subgraphs(node: onnx.NodeProto) -> Iterator[onnx.GraphProto]:
    """The graphs of a node's attributes."""
    for attribute in node.attribute:
        if attribute.type == AttributeProto.GRAPH:
            yield attribute.g
        yield from attribute.graphs


# Operators


def _check_operators(model: Model) -> None:
    """All nodes whose operator is not known at all, at once."""
    functions = {(normal_domain(f.domain), f.name) for f in model.proto.functions}
    pairs = [(node, model.opsets) for node in _all_nodes(model.proto.graph.node)]
    for function in model.proto.functions:
        opsets = opsets_of(function.opset_import)
        pairs += [(node, opsets) for node in _all_nodes(function.node)]
    refusals = [Refusal(node) for node, opsets in pairs if not _is_known(node, opsets, functions)]
    if refusals:
        raise refused(refusals)


def _all_nodes(nodes: Iterable[onnx.NodeProto]) -> Iterator[onnx.NodeProto]:
    for node in nodes:
        yield node
        for graph in subgraphs(node):
            yield from _all_nodes(graph.node)


def _is_known(node: onnx.NodeProto, opsets: Mapping[str, int], functions: set[tuple[str, str]]) -> bool:
    domain = normal_domain(node.domain)
    if (domain, node.op_type) in functions or (domain, node.op_type) in OPERATORS:
        return True
    schema = schema_of(domain, node.op_type, opsets.get(domain, 1))
    return schema is not None and has_body(schema)


# The checker and the inference of onnx


def _inferred(model: Model) -> onnx.ModelProto:
    light = _without_weights(model.proto)
    try:
        cast("Any", onnx.checker).check_model(light)
        return infer_shapes(light, check_type=True, strict_mode=True, data_prop=True)
    except ValidationError as cause:
        raise CompileError(f"'{model.name}' does not follow the rules of ONNX: {_sentence(cause)}") from cause
    except MemoryError as cause:
        raise CompileError(
            f"sizes in '{model.name}' are too large: the shape inference of onnx has no memory"
        ) from cause
    except InferenceError as cause:
        if _is_in_a_body(cause, model):
            return infer_shapes(light, data_prop=True)
        raise CompileError(
            f"the shapes or types of '{model.name}' contradict each other: {_sentence(cause)}"
        ) from cause


def _is_in_a_body(error: InferenceError, model: Model) -> bool:
    """Whether inference fails in an operator that is a function: it does not know what their attributes refer to."""
    found = re.search(r"op_type:(\w+)", str(error))
    schema = None if found is None else schema_of("", found[1], model.opsets.get("", 1))
    return schema is not None and has_body(schema)


def _without_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy in which large initialisers are inputs, and nodes without a name have that of a result."""
    light = onnx.ModelProto()
    for field, value in model.ListFields():
        if field.name == "graph":
            _copy_light(value, light.graph)
        elif field.is_repeated:
            getattr(light, field.name).extend(value)
        elif field.message_type is not None:
            getattr(light, field.name).CopyFrom(value)
        else:
            setattr(light, field.name, value)
    light.ir_version = max(light.ir_version, 4)
    _name_domains(light)
    return light


def _name_domains(light: onnx.ModelProto) -> None:
    """Let the checker see operators of onnxruntime that are written without their domain for what they are."""
    nodes = [node for node in light.graph.node if node.op_type in WITHOUT_DOMAIN and not normal_domain(node.domain)]
    for node in nodes:
        node.domain = ONNXRUNTIME
    if nodes and ONNXRUNTIME not in opsets_of(light.opset_import):
        light.opset_import.add(domain=ONNXRUNTIME, version=1)


def _copy_light(graph: onnx.GraphProto, light: onnx.GraphProto) -> None:
    light.name = graph.name or "graph"
    light.node.extend(graph.node)
    for node in _all_nodes(light.node):
        node.name = node.name or next((name for name in node.output if name), "")
    light.output.extend(value for value in graph.output if _has_shape(value))  # the checker wants one, we do not
    light.value_info.extend(graph.value_info)
    initialised = {tensor.name for tensor in graph.initializer}
    light.input.extend(value for value in graph.input if value.name not in initialised)
    for tensor in graph.initializer:
        if tensor.data_location != TensorProto.EXTERNAL and prod(tensor.dims) <= SMALL_INITIALISER_ELEMENTS:
            light.initializer.append(tensor)
        else:
            light.input.append(onnx.helper.make_tensor_value_info(tensor.name, tensor.data_type, list(tensor.dims)))


def _has_shape(value: onnx.ValueInfoProto) -> bool:
    return not value.type.HasField("tensor_type") or value.type.tensor_type.HasField("shape")


def _sentence(error: Exception) -> str:
    """The words of onnx as one line in our form."""
    text = re.sub(r"\s+", " ", str(error)).strip().rstrip(".")
    text = re.sub(r"^\[\w+\] ", "", text)
    return text[:1].lower() + text[1:] if not text[1:2].isupper() else text
