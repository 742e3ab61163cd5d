"""What the onnx package knows of an operator: its definition at a version, and its body where that is a function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, cast

import onnx
from onnx.defs import SchemaError


class AttributeSchema(Protocol):
    """An attribute that an operator may have."""

    @property
    def default_value(self) -> onnx.AttributeProto: ...


class Schema(Protocol):
    """The definition of an operator, what we use of it: the package's own description of the class lacks some of it."""

    @property
    def name(self) -> str: ...
    @property
    def domain(self) -> str: ...
    @property
    def since_version(self) -> int: ...
    @property
    def deprecated(self) -> bool: ...
    @property
    def attributes(self) -> Mapping[str, AttributeSchema]: ...
    @property
    def node_determinism(self) -> object: ...
    @property
    def has_function(self) -> bool: ...
    @property
    def function_opset_versions(self) -> Sequence[int]: ...
    @property
    def has_context_dependent_function(self) -> bool: ...
    @property
    def context_dependent_function_opset_versions(self) -> Sequence[int]: ...
    def get_function_with_opset_version(self, version: int) -> bytes: ...
    def get_context_dependent_function_with_opset_version(
        self, version: int, node: bytes, operand_types: Sequence[bytes]
    ) -> bytes: ...


OLDEST_OPSET = 7
"""Operators of the default domain before this version broadcast by other rules."""

ONNXRUNTIME = "com.microsoft"
"""The domain of onnxruntime's own operators."""

WITHOUT_DOMAIN = ("SimplifiedLayerNormalization",)
"""Operators of onnxruntime that stand in models as if they were of the standard."""

UNCHANGED = frozenset(
    {"Elu", "HardSigmoid", "LeakyRelu", "PRelu", "Selu", "Shrink", "Softplus", "Softsign", "ThresholdedRelu"}
)
"""Operators that got a body later, which says what they have always meant."""


def schema_of(domain: str, op_type: str, opset: int) -> Schema | None:
    """The definition of an operator at a version of its operator set; None where there is none."""
    try:
        schema = cast("Schema", onnx.defs.get_schema(op_type, opset, domain))
    except SchemaError:
        return None
    return None if schema.deprecated else schema


def body_of(
    schema: Schema, node: onnx.NodeProto, opset: int, operand_types: Sequence[onnx.TypeProto]
) -> onnx.FunctionProto | None:
    """The function that defines a node, for operands of these types; None for an operator that is no function."""
    if schema.name in UNCHANGED and not schema.has_function and schema.domain == "":
        schema = cast("Schema", onnx.defs.get_schema(schema.name))
    if schema.has_function:
        content = schema.get_function_with_opset_version(_version(schema.function_opset_versions, opset))
    elif schema.has_context_dependent_function:
        content = schema.get_context_dependent_function_with_opset_version(
            _version(schema.context_dependent_function_opset_versions, opset),
            node.SerializeToString(),
            [type_.SerializeToString() for type_ in operand_types],
        )
    else:
        return None
    function = onnx.FunctionProto()
    function.ParseFromString(content)
    return function if function.node else None


def is_too_old(schema: Schema | None, opset: int) -> bool:
    """Whether an operator has changed since a version of the operators that is not read."""
    if schema is None or schema.domain or opset >= OLDEST_OPSET:
        return False
    newer = schema_of("", schema.name, OLDEST_OPSET)
    return newer is None or newer.since_version != schema.since_version


def is_random(schema: Schema) -> bool:
    """Whether an operator makes other numbers each time."""
    return str(schema.node_determinism).endswith(".NonDeterministic")


def has_body(schema: Schema) -> bool:
    """Whether `body_of` may know a function."""
    return schema.has_function or schema.has_context_dependent_function or schema.name in UNCHANGED


def _version(versions: Sequence[int], opset: int) -> int:
    """The newest that the model's version has, or else the oldest."""
    return max((version for version in versions if version <= opset), default=min(versions))
