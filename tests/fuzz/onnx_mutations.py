"""Mutations of ONNX models: of their bytes, of any field of their messages, and of what readers trip over."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any, cast

import onnx
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from onnx import AttributeProto, TensorProto, helper

_NUMBERS = (0, 1, -1, 2, 3, 7, 100, 2**31 - 1, -(2**31), 2**40, 2**63 - 1, -(2**63))
_TEXTS = ("", "x", "Relu", "ai.onnx", "com.microsoft", "no.such.domain", "\u00e9\u4e2d", "a" * 300, "../up", "Loop")
_PATHS = (
    "weights.bin", "../secret.bin", "/etc/hostname", "sub/../../secret.bin", "link.bin", "missing.bin", "", ".", "..",
    "weights.bin\0", "./weights.bin", "model.onnx", "sub", "a" * 5000, "~/secret.bin", "file:///etc/hostname",
)  # fmt: skip


def a_field(model: onnx.ModelProto, choice: random.Random) -> None:
    """Any field of any message of the model."""
    messages = list(_messages(model))
    for _ in range(choice.choice((1, 1, 1, 2, 3))):
        _change(choice.choice(messages), messages, choice)


def _messages(message: Message) -> Iterator[Message]:
    yield message
    for field, value in message.ListFields():
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            for inner in value if field.is_repeated else [value]:
                yield from _messages(inner)


def _change(message: Message, messages: list[Message], choice: random.Random) -> None:
    present = [field for field, _ in message.ListFields()]
    fields = present if present and choice.random() < 0.8 else list(message.DESCRIPTOR.fields)
    field = choice.choice(fields)
    if field.is_repeated:
        _change_list(getattr(message, field.name), field, messages, choice)
    elif field.type == FieldDescriptor.TYPE_MESSAGE:
        if choice.random() < 0.5:
            message.ClearField(field.name)
        else:
            same = [other for other in messages if other.DESCRIPTOR is field.message_type]
            if same:
                copy = type(same[0])()
                copy.CopyFrom(choice.choice(same))
                getattr(message, field.name).CopyFrom(copy)
    elif choice.random() < 0.15:
        message.ClearField(field.name)
    else:
        setattr(message, field.name, _value(field, getattr(message, field.name), messages, choice))


def _change_list(items: Any, field: Any, messages: list[Message], choice: random.Random) -> None:
    """An item goes, is there twice, stands elsewhere, or is another one."""
    is_message = field.type == FieldDescriptor.TYPE_MESSAGE
    if not len(items) or choice.random() < 0.1:
        same = [other for other in messages if is_message and other.DESCRIPTOR is field.message_type]
        if is_message and same:
            copy = type(same[0])()
            copy.CopyFrom(choice.choice(same))
            items.append(copy)
        elif not is_message:
            items.append(_value(field, _default(field), messages, choice))
        return
    at, other = choice.randrange(len(items)), choice.randrange(len(items))
    kept = list(items)
    match choice.randrange(4):
        case 0:
            del kept[at]
        case 1:
            kept.insert(other, kept[at])
        case 2:
            kept.insert(other, kept.pop(at))
        case _ if not is_message:
            kept[at] = _value(field, kept[at], messages, choice)
        case _:
            kept[at] = kept[other]
    copies = [_copy(item) if is_message else item for item in kept]
    del items[:]
    items.extend(copies)


def _copy(message: Message) -> Message:
    copy = type(message)()
    copy.CopyFrom(message)
    return copy


def _default(field: Any) -> object:
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING:
            return "" if field.type == FieldDescriptor.TYPE_STRING else b""
        case FieldDescriptor.CPPTYPE_FLOAT | FieldDescriptor.CPPTYPE_DOUBLE:
            return 0.0
        case _:
            return 0


def _value(field: Any, old: Any, messages: list[Message], choice: random.Random) -> object:
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING if field.type == FieldDescriptor.TYPE_STRING:
            used = [text for message in messages for text in _texts(message)]
            return choice.choice((*_TEXTS, *used, *used, *used))
        case FieldDescriptor.CPPTYPE_STRING:
            return choice.choice((b"", old[:-1], old + b"\0", b"\xff\xfe", bytes(100)))
        case FieldDescriptor.CPPTYPE_FLOAT | FieldDescriptor.CPPTYPE_DOUBLE:
            return choice.choice((0.0, -1.0, 1e30, float("nan"), float("inf")))
        case FieldDescriptor.CPPTYPE_ENUM:
            return choice.choice([value.number for value in field.enum_type.values])
        case FieldDescriptor.CPPTYPE_INT32 | FieldDescriptor.CPPTYPE_UINT32:
            return choice.choice((0, 1, 2, 3, 7, 16, 22, 99, 2**31 - 1))
        case FieldDescriptor.CPPTYPE_UINT64:
            return choice.choice([number for number in _NUMBERS if number >= 0])
        case _:
            return choice.choice((*_NUMBERS, old + 1, old - 1, -old if old > -(2**63) else old))


def _texts(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        if field.type == FieldDescriptor.TYPE_STRING:
            yield from value if field.is_repeated else [value]


def the_names(model: onnx.ModelProto, choice: random.Random) -> None:
    """A name that nodes read or make becomes another one: two makers, cycles, nobody who makes it, none at all."""
    nodes = [node for node in _nodes(model.graph) if node.input or node.output]
    names = [name for node in nodes for name in (*node.input, *node.output)]
    if not names:
        return
    node = choice.choice(nodes)
    ends = [end for end in (node.input, node.output) if end]
    end = choice.choice(ends)
    end[choice.randrange(len(end))] = choice.choice((*names, "", "nobody", choice.choice(names) + "x"))


def _nodes(graph: onnx.GraphProto) -> Iterator[onnx.NodeProto]:
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            if attribute.type == AttributeProto.GRAPH:
                yield from _nodes(attribute.g)


def an_attribute(model: onnx.ModelProto, choice: random.Random) -> None:
    """An attribute gets another type or odd numbers, or a node one that it does not have."""
    nodes = list(_nodes(model.graph))
    if not nodes:
        return
    node = choice.choice(nodes)
    odd: list[Any] = [
        choice.choice(_NUMBERS), -1.5, "text", [choice.choice(_NUMBERS) for _ in range(choice.randint(1, 5))],
        [1.0, 2.0], ["a", "b"], helper.make_tensor("t", TensorProto.FLOAT, [2], [1.0, 2.0]),
    ]  # fmt: skip
    names = [attribute.name for attribute in node.attribute] or ["axis"]
    name = choice.choice((*names, *names, "axis", "axes", "pads", "strides", "to", "body", "kernel_shape", "group"))
    kept = [attribute for attribute in node.attribute if attribute.name != name]
    del node.attribute[:]
    node.attribute.extend([*kept, helper.make_attribute(name, choice.choice(odd))])


def the_sizes(model: onnx.ModelProto, choice: random.Random) -> None:
    """Sizes of declared values or of tensors are others: huge, below 0, too many or too few of them."""
    values = [*model.graph.input, *model.graph.output, *model.graph.value_info]
    tensors = list(model.graph.initializer)
    if tensors and choice.random() < 0.5:
        dims = choice.choice(tensors).dims
        if dims and choice.random() < 0.7:
            dims[choice.randrange(len(dims))] = choice.choice(_NUMBERS)
        else:
            dims.append(choice.choice(_NUMBERS))
    elif values:
        shape = choice.choice(values).type.tensor_type.shape
        if shape.dim and choice.random() < 0.7:
            shape.dim[choice.randrange(len(shape.dim))].dim_value = choice.choice(_NUMBERS)
        else:
            shape.dim.add(dim_value=choice.choice(_NUMBERS))


def the_constants(model: onnx.ModelProto, choice: random.Random) -> None:
    """Integers of a small initialiser, which often are shapes or axes, are others."""
    tensors = [tensor for tensor in model.graph.initializer if tensor.data_type == TensorProto.INT64]
    tensors += [
        attribute.t for node in _nodes(model.graph) for attribute in node.attribute if attribute.t.data_type == 7
    ]
    tensors = [tensor for tensor in tensors if tensor.raw_data]
    if tensors:
        tensor = choice.choice(tensors)
        content = bytearray(tensor.raw_data)
        at = choice.randrange(len(content) // 8 or 1) * 8
        content[at : at + 8] = choice.choice(_NUMBERS).to_bytes(8, "little", signed=True)
        tensor.raw_data = bytes(content)


def external_data(model: onnx.ModelProto, choice: random.Random) -> None:
    """An initialiser is in a file: beside the model or elsewhere, too short, with odd offsets and lengths."""
    if not model.graph.initializer:
        return
    tensor = choice.choice(model.graph.initializer)
    tensor.data_location = TensorProto.EXTERNAL
    if choice.random() < 0.7:
        tensor.ClearField("raw_data")
    entries = {"location": choice.choice(_PATHS)}
    for key in ("offset", "length"):
        if choice.random() < 0.5:
            entries[key] = choice.choice(("0", "4", "64", "4096", "-4", "text", "1e3", "", str(3 << 30), str(2**64)))
    for key, value in entries.items():
        tensor.external_data.add(key=key, value=value)


def the_versions(model: onnx.ModelProto, choice: random.Random) -> None:
    """The operators are of another version or domain."""
    entry = choice.choice(model.opset_import) if model.opset_import else model.opset_import.add()
    match choice.randrange(4):
        case 0:
            entry.version = choice.choice((*_NUMBERS, 6, 7, 8, 12, 18, 28, 29))
        case 1:
            entry.domain = choice.choice(_TEXTS)
        case 2:
            model.opset_import.add(domain="", version=choice.choice((7, 13, 21)))
        case _:
            model.ir_version = choice.choice((0, 1, 3, 99, -1))


def the_whole(model: onnx.ModelProto, choice: random.Random) -> None:
    """Nodes, outputs or inputs are gone, or all nodes are there twice."""
    graph = model.graph
    parts = cast("list[Any]", [graph.node, graph.output, graph.input, graph.initializer, graph.value_info])
    if choice.random() < 0.7:
        del choice.choice(parts)[:]
    else:
        graph.node.extend(onnx.NodeProto.FromString(node.SerializeToString()) for node in list(graph.node))


def a_scope(model: onnx.ModelProto, choice: random.Random) -> None:
    """A graph in a node captures what is not there, has names of the graph around it, no outputs, or itself inside."""
    nodes = [node for node in _nodes(model.graph) if any(a.type == AttributeProto.GRAPH for a in node.attribute)]
    if not nodes:
        a_field(model, choice)
        return
    inner = next(a.g for a in choice.choice(nodes).attribute if a.type == AttributeProto.GRAPH)
    outer = [name for node in model.graph.node for name in node.output]
    match choice.randrange(4):
        case 0 if inner.node and inner.node[0].input:
            inner.node[0].input[0] = "nobody"
        case 1 if inner.node and inner.node[0].output:
            inner.node[0].output[0] = choice.choice(outer)
        case 2:
            del inner.output[:]
        case _:
            inner.input.add(name=choice.choice((*outer, "more")))


MUTATIONS: tuple[Callable[[onnx.ModelProto, random.Random], None], ...] = (
    a_field,
    a_field,
    a_field,
    the_names,
    the_names,
    an_attribute,
    an_attribute,
    the_sizes,
    the_constants,
    the_constants,
    external_data,
    the_versions,
    the_whole,
    a_scope,
)
