"""Operators of ONNX: those that functions of ours build, those that their schema defines by others, and the rest.

Types are those of the first operand and the first result in the schema, as far as tensors of ours have them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import onnx
from onnx import TensorProto

from scripts.support.markdown import names, table
from scripts.support.onnx_refusals import refusals
from zellige.frontends.onnx.operators.table import OPERATORS
from zellige.frontends.onnx.schemas import OLDEST_OPSET, body_of, has_body, schema_of
from zellige.frontends.onnx.tensors import element_of_code
from zellige.support.errors import CompileError

OPSET = 28
"""The newest version that the page is about. What a newer onnx package has besides does not change the page."""

DOMAINS = {"": OPSET, "ai.onnx.ml": 5}
"""Domains whose operators are listed where they are not supported, with their newest versions."""

_INTRODUCTION = f"""\
Versions {OLDEST_OPSET} to {OPSET} of the default domain, on static shapes. An operator on small constants is computed
while the model is read, whatever it is. A result whose shape depends on numbers that are not known then has the shape
that the model declares for it, and the program checks that. Types are those of the first operand, and of the first
result where they are others.
"""


def section() -> str:
    """The whole section."""
    ours = sorted(OPERATORS)
    functions = [name for name in _schemas("") if ("", name) not in OPERATORS and _is_expanded(name)]
    parts = ["## ONNX\n", _INTRODUCTION, "### Built\n"]
    parts += [table(["operator", "types", "refused"], [_row(domain, name) for domain, name in ours])]
    parts += ["### Expanded\n", "Functions, which their schemas define by other operators.\n"]
    parts += [table(["operator", "types"], [(f"`{name}`", _types("", name)) for name in functions])]
    parts += ["### Not supported\n"]
    for domain in DOMAINS:
        left = [name for name in _schemas(domain) if (domain, name) not in OPERATORS and name not in functions]
        parts += [f"`{domain or 'ai.onnx'}`: {names(left)}.\n"]
    return "\n".join(parts)


@cache
def _schemas(domain: str) -> list[str]:
    """The operators of a domain at the version that the page is about."""
    found = {schema.name for schema in onnx.defs.get_all_schemas_with_history() if schema.domain == domain}
    return sorted(name for name in found if schema_of(domain, name, DOMAINS[domain]) is not None)


def _is_expanded(name: str) -> bool:
    """Whether the importer takes the function of an operator; a body that needs attributes is taken to be known."""
    schema = schema_of("", name, OPSET)
    if schema is None or not has_body(schema):
        return False
    definition = onnx.defs.get_schema(name, OPSET)
    node = onnx.helper.make_node(name, [i.name for i in definition.inputs], [o.name for o in definition.outputs])
    try:
        body = body_of(schema, node, OPSET, [_example_type(definition, i) for i in range(len(definition.inputs))])
    except (RuntimeError, ValueError):
        return False
    return body is None or all(("", n.op_type) in OPERATORS or _is_expanded(n.op_type) for n in body.node)


def _example_type(schema: onnx.defs.OpSchema, index: int) -> onnx.TypeProto:
    elements = _elements(schema, schema.inputs[index].type_str)
    wanted = "float" if not elements or "float" in elements else elements[0]
    return onnx.helper.make_tensor_type_proto(_code(wanted), [2, 2])


def _elements(schema: onnx.defs.OpSchema, given: str) -> list[str]:
    """The types of elements that a value of this type in the schema may have."""
    allowed = [c.allowed_type_strs for c in schema.type_constraints if c.type_param_str == given] or [[given]]
    return re.findall(r"tensor\((\w+)\)", " ".join(allowed[0]))


def _code(name: str) -> int:
    return TensorProto.DataType.Value(name.upper())


def _row(domain: str, name: str) -> tuple[str, str, str]:
    refused = "; ".join(refusals(OPERATORS[domain, name]))
    return f"`{f'{domain}.' if domain else ''}{name}`", _types(domain, name), refused


_GROUPS = {
    "float": ("double", "float", "float16", "bfloat16"),
    "float8": ("float8e4m3fn", "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz"),
    "bool": ("bool",),
    "signed": ("int8", "int16", "int32", "int64"),
    "unsigned": ("uint8", "uint16", "uint32", "uint64"),
    "int4": ("int4", "uint4"),
    "int2": ("int2", "uint2"),
}


def _types(domain: str, name: str) -> str:
    """The types of the first operand, and of the first result where they are others."""
    schemas = [s for s in onnx.defs.get_all_schemas_with_history() if (s.domain, s.name) == (domain, name)]
    known = [s for s in schemas if not s.deprecated and s.since_version <= DOMAINS.get(domain, 1)]
    if not known:
        return ""
    schema = max(known, key=lambda s: s.since_version)
    result = _words(_elements(schema, schema.outputs[0].type_str))
    operand = _words(_elements(schema, schema.inputs[0].type_str)) if schema.inputs else result
    return operand if operand == result else f"{operand} → {result}"


def _words(elements: Iterable[str]) -> str:
    rest, found = {element for element in elements if _is_taken(element)}, list[str]()
    for group, members in _GROUPS.items():
        here = [member for member in members if member in rest]
        found += [group] if len(here) == len(members) else [f"`{member}`" for member in here]
    return ", ".join(found).replace("signed, unsigned", "integer")


def _is_taken(element: str) -> bool:
    try:
        element_of_code(_code(element))
    except (CompileError, ValueError):
        return False
    return True
