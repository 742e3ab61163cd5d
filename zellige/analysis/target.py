"""What the schedules are chosen for: a machine as a few numbers."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class TargetDescription:
    """A machine with vectors.

    `accumulators` is how many vectors a loop may carry without spilling. A contraction has at most `most_rows` rows of
    `panel_vectors` of them side by side along its vector loop; `window_vectors` where they move with a window;
    `stream_vectors` and one row where no loop uses again what is loaded. Bodies that are long sequences work on
    `costly_vectors` at a time. `workgroup_work` is the number of loop iterations that are worth a workgroup of their
    own; `scratch_bytes` the local memory of one workgroup.
    """

    vector_bits: int = 128
    accumulators: int = 8
    most_rows: int = 8
    panel_vectors: int = 4
    window_vectors: int = 2
    stream_vectors: int = 8
    costly_vectors: int = 1
    workgroup_work: int = 1 << 18
    scratch_bytes: int = 256 << 10

    def lanes(self, element_bits: int) -> int:
        return max(1, self.vector_bits // element_bits)


WASM = TargetDescription()

NATIVE_TARGETS = MappingProxyType(
    {
        "avx512": TargetDescription(
            vector_bits=512, accumulators=24, panel_vectors=2, window_vectors=4, costly_vectors=4
        ),
        "avx2": TargetDescription(vector_bits=256, accumulators=12, panel_vectors=2, window_vectors=3),
        "neon": TargetDescription(vector_bits=128, accumulators=24, panel_vectors=4, window_vectors=6),
    }
)
"""Feature level -> the machine that its templates are made for.

Rows of a matrix that are a power of two apart share the sets of a cache with 8 ways. So more than 8 rows evict each
other: 16 rows, 4 KB apart, halve the speed. A product of a vector and a matrix is as fast as memory from 8 vectors
on; the prefetchers follow less well when there are more of them.
"""
