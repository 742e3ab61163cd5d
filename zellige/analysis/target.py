"""What the schedules are chosen for: a machine as a few numbers."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class TargetDescription:
    """A machine with vectors.

    `accumulators` is how many vectors a loop may carry without spilling; `panel_vectors` how many of them a contraction
    puts side by side along its vector loop; `workgroup_work` the number of loop iterations that are worth a workgroup
    of their own; `scratch_bytes` the local memory of one workgroup.
    """

    vector_bits: int = 128
    accumulators: int = 8
    panel_vectors: int = 4
    workgroup_work: int = 1 << 18
    scratch_bytes: int = 256 << 10

    def lanes(self, element_bits: int) -> int:
        return max(1, self.vector_bits // element_bits)


WASM = TargetDescription()

NATIVE_TARGETS = MappingProxyType(
    {
        "avx512": TargetDescription(vector_bits=512, accumulators=16, panel_vectors=1),
        "avx2": TargetDescription(vector_bits=256, accumulators=12, panel_vectors=2),
        "neon": TargetDescription(vector_bits=128, accumulators=24, panel_vectors=4),
    }
)
"""Feature level -> the machine that its templates are made for."""
