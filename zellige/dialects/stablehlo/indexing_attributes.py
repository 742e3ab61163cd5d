"""Which dimensions a gather or a scatter of StableHLO reads and writes, and how random bits are made.

The text forms are those of upstream; lists without elements and an `index_vector_dim` of 0 are not written:

    #stablehlo.gather<offset_dims = [2], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 2>
    #stablehlo.scatter<update_window_dims = [0], scatter_dims_to_operand_dims = [1], index_vector_dim = 1>
    #stablehlo<rng_algorithm THREE_FRY>
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects.utils import EnumAttribute
from xdsl.ir import Data, SpacedOpaqueSyntaxAttribute
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.str_enum import StrEnum

from zellige.dialects.stablehlo.contraction_attributes import parse_dimensions


@dataclass(frozen=True)
class GatherDimensions:
    """`start_index_map[i]` is the dimension of the operand that index `i` is for; indices are along one dimension.

    Dimensions of a slice that are collapsed or of a batch are not in the result; the others are its `offset_dims`.
    """

    offset_dims: tuple[int, ...] = ()
    collapsed_slice_dims: tuple[int, ...] = ()
    operand_batching_dims: tuple[int, ...] = ()
    start_indices_batching_dims: tuple[int, ...] = ()
    start_index_map: tuple[int, ...] = ()
    index_vector_dim: int = 0

    def kept_dims(self, rank: int) -> tuple[int, ...]:
        """Dimensions of an operand of this rank that are in the result."""
        return without(range(rank), self.collapsed_slice_dims + self.operand_batching_dims)

    def batch_dims(self, result_rank: int) -> tuple[int, ...]:
        """Dimensions of the result that are of the indices."""
        return without(range(result_rank), self.offset_dims)


@dataclass(frozen=True)
class ScatterDimensions:
    """`scatter_dims_to_operand_dims[i]` is the dimension of the operand that index `i` is for.

    Dimensions of the updates are those of a window, and those of the indices. A window has size 1 in the inserted
    dimensions and in those of a batch.
    """

    update_window_dims: tuple[int, ...] = ()
    inserted_window_dims: tuple[int, ...] = ()
    input_batching_dims: tuple[int, ...] = ()
    scatter_indices_batching_dims: tuple[int, ...] = ()
    scatter_dims_to_operand_dims: tuple[int, ...] = ()
    index_vector_dim: int = 0

    def window_dims(self, rank: int) -> tuple[int, ...]:
        """Dimensions of an operand of this rank that a window of the updates has."""
        return without(range(rank), self.inserted_window_dims + self.input_batching_dims)

    def scatter_dims(self, updates_rank: int) -> tuple[int, ...]:
        """Dimensions of the updates that are of the indices."""
        return without(range(updates_rank), self.update_window_dims)


def without(dims: Sequence[int], left_out: Sequence[int]) -> tuple[int, ...]:
    """The dimensions that are not left out, in order."""
    return tuple(dim for dim in dims if dim not in left_out)


_VECTOR_DIM = "index_vector_dim"


def _parse(parser: AttrParser, known: Sequence[str]) -> tuple[dict[str, tuple[int, ...]], int]:
    """The lists by name, and `index_vector_dim`."""
    lists: dict[str, tuple[int, ...]] = {}
    vector_dim: int | None = None

    def parse_field() -> None:
        nonlocal vector_dim
        position = parser.pos
        name = parser.parse_identifier()
        is_again = name in lists or (name == _VECTOR_DIM and vector_dim is not None)
        if is_again or name not in (*known, _VECTOR_DIM):
            expected = ", ".join(f"'{field}'" for field in (*known, _VECTOR_DIM))
            parser.raise_error(f"expected each of {expected} at most once, got '{name}'", position)
        parser.parse_punctuation("=")
        if name == _VECTOR_DIM:
            vector_dim = parser.parse_integer(allow_boolean=False)
        else:
            lists[name] = parse_dimensions(parser)

    parser.parse_comma_separated_list(parser.Delimiter.ANGLE, parse_field)
    return lists, vector_dim or 0


def _print(printer: Printer, lists: Sequence[tuple[str, tuple[int, ...]]], vector_dim: int) -> None:
    texts = [f"{name} = {list(dims)}" for name, dims in lists if dims]
    if vector_dim:
        texts.append(f"{_VECTOR_DIM} = {vector_dim}")
    with printer.in_angle_brackets():
        printer.print_string(", ".join(texts))


_GATHER_LISTS = (
    "offset_dims",
    "collapsed_slice_dims",
    "operand_batching_dims",
    "start_indices_batching_dims",
    "start_index_map",
)
_SCATTER_LISTS = (
    "update_window_dims",
    "inserted_window_dims",
    "input_batching_dims",
    "scatter_indices_batching_dims",
    "scatter_dims_to_operand_dims",
)


@irdl_attr_definition
class GatherDimensionsAttr(Data[GatherDimensions]):
    """`#stablehlo.gather<offset_dims = [2], …>`."""

    name = "stablehlo.gather"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> GatherDimensions:
        lists, vector_dim = _parse(parser, _GATHER_LISTS)
        return GatherDimensions(**lists, index_vector_dim=vector_dim)

    def print_parameter(self, printer: Printer) -> None:
        _print(printer, [(name, getattr(self.data, name)) for name in _GATHER_LISTS], self.data.index_vector_dim)


@irdl_attr_definition
class ScatterDimensionsAttr(Data[ScatterDimensions]):
    """`#stablehlo.scatter<update_window_dims = [0], …>`."""

    name = "stablehlo.scatter"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> ScatterDimensions:
        lists, vector_dim = _parse(parser, _SCATTER_LISTS)
        return ScatterDimensions(**lists, index_vector_dim=vector_dim)

    def print_parameter(self, printer: Printer) -> None:
        _print(printer, [(name, getattr(self.data, name)) for name in _SCATTER_LISTS], self.data.index_vector_dim)


class RngAlgorithm(StrEnum):
    """How bits are made of a state; the default is ours to choose."""

    DEFAULT = "DEFAULT"
    THREE_FRY = "THREE_FRY"
    PHILOX = "PHILOX"


@irdl_attr_definition
class RngAlgorithmAttr(EnumAttribute[RngAlgorithm], SpacedOpaqueSyntaxAttribute):
    """`#stablehlo<rng_algorithm PHILOX>`."""

    name = "stablehlo.rng_algorithm"


INDEXING_ATTRIBUTES = (GatherDimensionsAttr, ScatterDimensionsAttr, RngAlgorithmAttr)
"""The attributes of this file."""
