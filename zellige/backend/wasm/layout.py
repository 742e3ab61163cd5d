"""Where everything is: the memories of a profile and the regions in them. A pure function of sizes.

`full`            device (imported)   | reserved | heap …
                  local               | stack | data        (the stack grows down, so overflow traps)
                  constant            | constants
`simd`, `mvp`     device (imported)   | reserved | stack | data | constants | heap …   (overflow of the stack meets the
                                        reserved bytes, then the end of addresses)
"""

from __future__ import annotations

from dataclasses import dataclass

from zellige.artifact import DEVICE_RESERVED_BYTES, MemoryInfo
from zellige.backend.wasm.errors import LinkError
from zellige.backend.wasm.types import MAX_PAGES, PAGE_BYTES

PROFILES = ("full", "simd", "mvp")

CONSTANT_ALIGNMENT = 64
STACK_ALIGNMENT = 16


@dataclass(frozen=True)
class Region:
    """Bytes `base`..`end` of a memory."""

    base: int
    size_bytes: int

    @property
    def end(self) -> int:
        return self.base + self.size_bytes


@dataclass(frozen=True)
class Layout:
    """The memories in the order of their indices, and the regions in them.

    `constants` is a region of `constant_memory`; `data` and `stack` are regions of `local_memory`, which LLVM's own
    loads and stores access. `heap_base` is the first address of the device memory that the host may use.
    """

    profile: str
    features: tuple[str, ...]
    memories: tuple[MemoryInfo, ...]
    local_memory: int
    constant_memory: int
    constants: Region
    data: Region
    stack: Region
    heap_base: int

    @property
    def constant_base(self) -> int:
        return self.constants.base

    @property
    def constant_bytes(self) -> int:
        return self.constants.size_bytes

    @property
    def local_end(self) -> int:
        """End of what the module itself uses of the local memory."""
        return self.heap_base if self.local_memory == 0 else _align_up(max(self.data.end, self.stack.end), 16)


def lay_out(
    profile: str,
    features: tuple[str, ...],
    *,
    constant_bytes: int,
    data_bytes: int,
    data_alignment: int,
    stack_bytes: int,
) -> Layout:
    """Raises `LinkError` for an unknown profile and for more than a memory of 4 GiB holds."""
    match profile:
        case "full":
            return _three_memories(features, constant_bytes, data_bytes, data_alignment, stack_bytes)
        case "simd" | "mvp":
            return _one_memory(profile, features, constant_bytes, data_bytes, data_alignment, stack_bytes)
        case _:
            raise LinkError(f"unknown profile '{profile}', expected one of {', '.join(PROFILES)}")


def _three_memories(
    features: tuple[str, ...], constant_bytes: int, data_bytes: int, data_alignment: int, stack_bytes: int
) -> Layout:
    stack = Region(0, _align_up(stack_bytes, STACK_ALIGNMENT))
    data = Region(_align_up(stack.end, data_alignment), data_bytes)
    local_pages = max(_pages("local", data.end), 1)
    return Layout(
        profile="full",
        features=features,
        memories=(
            MemoryInfo("device", 0, DEVICE_RESERVED_BYTES // PAGE_BYTES + 1, imported=True),
            MemoryInfo("local", 1, local_pages, imported=False),
            MemoryInfo("constant", 2, _pages("constant", constant_bytes), imported=False),
        ),
        local_memory=1,
        constant_memory=2,
        constants=Region(0, constant_bytes),
        data=data,
        stack=stack,
        heap_base=DEVICE_RESERVED_BYTES,
    )


def _one_memory(
    profile: str,
    features: tuple[str, ...],
    constant_bytes: int,
    data_bytes: int,
    data_alignment: int,
    stack_bytes: int,
) -> Layout:
    stack = Region(DEVICE_RESERVED_BYTES, _align_up(stack_bytes, STACK_ALIGNMENT))
    data = Region(_align_up(stack.end, data_alignment), data_bytes)
    constants = Region(_align_up(data.end, CONSTANT_ALIGNMENT), constant_bytes)
    heap_base = _align_up(constants.end, PAGE_BYTES)
    return Layout(
        profile=profile,
        features=features,
        memories=(MemoryInfo("device", 0, _pages("device", heap_base), imported=True),),
        local_memory=0,
        constant_memory=0,
        constants=constants,
        data=data,
        stack=stack,
        heap_base=heap_base,
    )


def _pages(memory: str, size_bytes: int) -> int:
    pages = _align_up(size_bytes, PAGE_BYTES) // PAGE_BYTES
    if pages > MAX_PAGES:
        raise LinkError(f"the {memory} memory needs {size_bytes} bytes, a memory has at most {MAX_PAGES * PAGE_BYTES}")
    return pages


def _align_up(value: int, alignment: int) -> int:
    return -(-value // alignment) * alignment
