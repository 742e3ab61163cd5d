"""Ops whose generic form upstream has no `operandSegmentSizes`: the sizes follow from the number of operands."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Self

from xdsl.dialects.builtin import DenseArrayBase, LocationAttr, i32
from xdsl.ir import Attribute, Block, Region, SSAValue
from xdsl.irdl import IRDLOperation


class InferredSegmentsOp(IRDLOperation, ABC):
    """Created without `operandSegmentSizes`, an op gets those of `segments`."""

    @classmethod
    @abstractmethod
    def segments(cls, count: int) -> Sequence[int]:
        """How many of `count` operands belong to each group."""

    @classmethod
    def create(
        cls,
        *,
        operands: Sequence[SSAValue] = (),
        result_types: Sequence[Attribute] = (),
        properties: Mapping[str, Attribute] | None = None,
        attributes: Mapping[str, Attribute] | None = None,
        location: LocationAttr | None = None,
        successors: Sequence[Block] = (),
        regions: Sequence[Region] = (),
    ) -> Self:
        segments = DenseArrayBase.from_list(i32, cls.segments(len(operands)))
        return super().create(
            operands=operands,
            result_types=result_types,
            properties={"operandSegmentSizes": segments, **(properties or {})},
            attributes=attributes or {},
            location=location,
            successors=successors,
            regions=regions,
        )
