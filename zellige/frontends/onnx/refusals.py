"""Nodes that are not supported: how they are named, and the one error that names all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import onnx

from zellige.support.errors import CompileError, Note

MAX_NOTES = 20
"""Nodes that get a note of their own; the counts are of all."""


class UnsupportedError(CompileError):
    """A form of an operator that is not supported; the importer goes on and names all of them at once."""


class UnknownShapeError(UnsupportedError):
    """The shape of a result depends on numbers that only the running program knows."""


class SkippedError(CompileError):
    """A graph of an attribute was not read to its end, because something in it is not supported, which is noted."""


@dataclass(frozen=True)
class Refusal:
    """A node that is not supported; `error` says why, when the operator is in other forms."""

    node: onnx.NodeProto
    error: UnsupportedError | None = None


def kind_of(node: onnx.NodeProto) -> str:
    return f"{node.domain}.{node.op_type}" if node.domain else node.op_type


def describe(node: onnx.NodeProto) -> str:
    """How an error names a node."""
    if node.name:
        return f"node '{node.name}' ({kind_of(node)})"
    made = next((name for name in node.output if name), None)
    return f"node of '{made}' ({kind_of(node)})" if made else f"node {kind_of(node)}"


def refused(refusals: Sequence[Refusal]) -> CompileError:
    """The error for all of them: counts by operator, and a note for each node."""
    if len(refusals) == 1:
        refusal = refusals[0]
        return CompileError(_sentence(refusal), notes=refusal.error.notes if refusal.error else ())
    counts = Counter(kind_of(refusal.node) for refusal in refusals)
    kinds = ", ".join(f"{kind} ({count} node{'s' if count > 1 else ''})" for kind, count in counts.most_common())
    notes = [Note(_sentence(refusal)) for refusal in refusals[:MAX_NOTES]]
    if len(refusals) > MAX_NOTES:
        notes.append(Note(f"and {len(refusals) - MAX_NOTES} more"))
    return CompileError(f"operators that are not supported: {kinds}", notes=notes)


def _sentence(refusal: Refusal) -> str:
    reason = "the operator is not supported" if refusal.error is None else refusal.error.message
    return f"{describe(refusal.node)}: {reason}"
