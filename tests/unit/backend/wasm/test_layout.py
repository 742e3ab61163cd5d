"""Regions of memories, in numbers."""

import pytest

from zellige.artifact import MemoryInfo
from zellige.backend.wasm.errors import LinkError
from zellige.backend.wasm.layout import Layout, Region, lay_out


def laid_out(profile: str, **sizes: int) -> Layout:
    defaults = {"constant_bytes": 0, "data_bytes": 0, "data_alignment": 1, "stack_bytes": 1 << 20}
    return lay_out(profile, ("simd128",), **{**defaults, **sizes})


def test_three_memories():
    layout = laid_out("full", constant_bytes=65537, data_bytes=100, data_alignment=64)
    assert layout.memories == (
        MemoryInfo("device", 0, 2, imported=True),
        MemoryInfo("local", 1, 17, imported=False),
        MemoryInfo("constant", 2, 2, imported=False),
    )
    assert (layout.local_memory, layout.constant_memory) == (1, 2)
    assert layout.stack == Region(0, 1 << 20)
    assert layout.data == Region(1 << 20, 100)
    assert (layout.constant_base, layout.constant_bytes) == (0, 65537)
    assert layout.heap_base == 65536


def test_the_constant_memory_is_there_without_constants():
    assert laid_out("full").memories[2] == MemoryInfo("constant", 2, 0, imported=False)


@pytest.mark.parametrize("profile", ["simd", "mvp"])
def test_one_memory(profile: str):
    layout = laid_out(profile, constant_bytes=100, data_bytes=10, data_alignment=32, stack_bytes=1000)
    assert layout.stack == Region(65536, 1008)
    assert layout.data == Region(66560, 10)
    assert layout.constants == Region(66624, 100)
    assert layout.heap_base == 131072
    assert layout.memories == (MemoryInfo("device", 0, 2, imported=True),)


def test_more_than_a_memory_holds():
    assert laid_out("full", constant_bytes=1 << 32).memories[2].min_pages == 65536
    with pytest.raises(LinkError, match="the constant memory needs 4294967297 bytes, a memory has at most 4294967296"):
        laid_out("full", constant_bytes=(1 << 32) + 1)
    with pytest.raises(LinkError, match="the device memory needs 4296081408 bytes"):
        laid_out("simd", constant_bytes=1 << 32)


def test_unknown_profile():
    with pytest.raises(LinkError, match="unknown profile 'fast', expected one of full, simd, mvp"):
        laid_out("fast")
