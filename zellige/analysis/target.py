"""What the schedules are chosen for: a machine as a few numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TargetDescription:
    """A machine with vectors.

    `accumulators` is how many vectors a loop may carry without spilling; `workgroup_work` the number of loop iterations
    that are worth a workgroup of their own; `scratch_bytes` the local memory of one workgroup.
    """

    vector_bits: int = 128
    accumulators: int = 8
    workgroup_work: int = 1 << 18
    scratch_bytes: int = 256 << 10

    def lanes(self, element_bits: int) -> int:
        return max(1, self.vector_bits // element_bits)


WASM = TargetDescription()
