"""The data segments of all objects in one region: bytes first, then what is only zeros."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from zellige.backend.wasm.objects import ObjectFile
from zellige.backend.wasm.relocations import Relocator
from zellige.backend.wasm.resolve import Segment
from zellige.backend.wasm.sections import Content


@dataclass(frozen=True)
class LocalData:
    """`offsets` are in the region, in its order; the first `bytes_to_write` of it are not all zeros."""

    offsets: Mapping[Segment, int]
    size_bytes: int
    bytes_to_write: int
    alignment: int


def arrange(objects: Sequence[ObjectFile], segments: Sequence[Segment]) -> LocalData:
    """Each segment at its alignment, in the order of the objects."""
    zero = {segment for segment in segments if _is_zero(objects[segment.object], segment.index)}
    ordered = [s for s in segments if s not in zero] + [s for s in segments if s in zero]
    offsets: dict[Segment, int] = {}
    end = bytes_to_write = 0
    alignment = 1
    for segment in ordered:
        file = objects[segment.object]
        align = 1 << file.segments[segment.index].alignment
        alignment = max(alignment, align)
        offsets[segment] = -(-end // align) * align
        end = offsets[segment] + len(file.module.data_segments[segment.index].content)
        if segment not in zero:
            bytes_to_write = end
    return LocalData(offsets, end, bytes_to_write, alignment)


def contents(data: LocalData, relocator: Relocator, size_bytes: int) -> Iterator[Content]:
    """The first `size_bytes` of the region, with relocations filled in, in pieces."""
    position = 0
    for segment, offset in data.offsets.items():
        if offset >= size_bytes:
            break
        yield bytes(offset - position)
        content = relocator.data(segment)
        yield content
        position = offset + len(content)


def _is_zero(file: ObjectFile, index: int) -> bool:
    content = file.module.data_segments[index].content
    return not file.data_relocations[index] and bytes(content).count(0) == len(content)
