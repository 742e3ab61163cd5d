"""The function of a kernel for a host passes on what the kernel expects, and declines what the kernel may not do."""

from __future__ import annotations

import struct
from dataclasses import replace

import numpy as np
import pytest

from tests.native_calls import BASELINE, PAGE, Host, on_x86_64
from zellige.backend.llvm.flat_code import flatten
from zellige.backend.llvm.native_entry import ENTRY, Buffer, KernelSignature, Scalar, entry_text
from zellige.backend.llvm.native_objects import emit_native_object

pytestmark = on_x86_64

SOURCE = Buffer("device", 16, 4, "f32", is_read=True, is_written=False, may_alias=False)
TARGET = replace(SOURCE, is_read=False, is_written=True)
SIGNATURE = KernelSignature("copy", (SOURCE, TARGET), (2, 3, 4), (), has_constant_memory=True)

COPY = """
define internal void @copy(ptr %from, ptr %to, i32 %x, i32 %y, i32 %z) noinline {
  %v = load <4 x i32>, ptr %from, align 4
  store <4 x i32> %v, ptr %to, align 4
  ret void
}
"""


def host(signature: KernelSignature, kernel: str = COPY) -> Host:
    flat = flatten(emit_native_object(kernel + entry_text(signature), BASELINE), ENTRY)
    return Host(flat, signature.scratch_offsets[-1], one_memory=not signature.has_constant_memory)


def test_work_is_done() -> None:
    running = host(SIGNATURE)
    running.device[:16] = range(16)
    assert running.call(0, 1024, workgroup=(1, 2, 3))
    assert list(running.device[1024:1040]) == list(range(16))


@pytest.mark.parametrize(
    ("source", "target", "done"),
    [
        (PAGE - 16, 0, True),
        (0, PAGE - 16, True),
        (PAGE - 12, 0, False),
        (0, PAGE - 12, False),
        (2**32 - 16, 0, False),
        (2**32 - 4, 0, False),
        (0, 2**32 - 4, False),
        (PAGE, 0, False),
        (2, 64, False),
        (64, 1, False),
        (0, 16, True),
        (16, 0, True),
        (0, 12, False),
        (12, 0, False),
        (0, 0, False),
    ],
)
def test_ranges(source: int, target: int, done: bool) -> None:
    """Both have to fit, to be aligned, and to be apart."""
    running = host(SIGNATURE)
    running.device[:] = np.arange(PAGE) % 251
    before = running.device.copy()
    assert running.call(source, target) == done
    if done:
        before[target : target + 16] = before[source : source + 16]
    np.testing.assert_array_equal(running.device, before)


@pytest.mark.parametrize("workgroup", [(2, 0, 0), (0, 3, 0), (0, 0, 4), (2**32 - 1, 0, 0)])
def test_a_workgroup_that_does_not_exist(workgroup: tuple[int, int, int]) -> None:
    assert not host(SIGNATURE).call(0, 64, workgroup=workgroup)


@pytest.mark.parametrize(
    ("source", "target", "done"),
    [
        (replace(SOURCE, may_alias=True), replace(TARGET, may_alias=True), True),
        (replace(SOURCE, may_alias=True), TARGET, False),
        (SOURCE, replace(TARGET, may_alias=True), False),
        (replace(SOURCE, may_alias=True, dtype="i32"), replace(TARGET, may_alias=True), False),
        (replace(SOURCE, may_alias=True, size_bytes=8), replace(TARGET, may_alias=True), False),
        (SOURCE, replace(TARGET, is_written=False), True),
    ],
)
def test_the_same_place(source: Buffer, target: Buffer, done: bool) -> None:
    """It is right where both may alias, or nothing is written; a part of it never is where something is."""
    running = host(replace(SIGNATURE, parameters=(source, target)))
    assert running.call(64, 64) == done
    assert running.call(64, 68) == (not target.is_written)


def test_constants_have_a_base_and_a_size_of_their_own() -> None:
    constant = replace(SOURCE, memory="constant")
    running = host(replace(SIGNATURE, parameters=(constant, TARGET)))
    running.constant[256:272] = range(16)
    assert running.call(256, 256)
    assert list(running.device[256:272]) == list(range(16))
    running.device = np.zeros(2 * PAGE, np.uint8)
    assert not running.call(PAGE, 0)


def test_constants_in_device_memory() -> None:
    """Without a constant memory, constants are apart from what is written like everything else."""
    constant = replace(SOURCE, memory="constant")
    running = host(replace(SIGNATURE, parameters=(constant, TARGET), has_constant_memory=False))
    running.device[256:272] = range(16)
    assert running.call(256, 512)
    assert list(running.device[512:528]) == list(range(16))
    assert not running.call(256, 256)


def test_scalars() -> None:
    kernel = """
    define internal void @scalars(ptr %to, i1 %a, i8 %b, i16 %c, i32 %d, i64 %e, float %f, double %g,
                                  i32 %x, i32 %y, i32 %z) noinline {
      %p1 = getelementptr i8, ptr %to, i64 1
      %p2 = getelementptr i8, ptr %to, i64 2
      %p4 = getelementptr i8, ptr %to, i64 4
      %p8 = getelementptr i8, ptr %to, i64 8
      %p16 = getelementptr i8, ptr %to, i64 16
      %p20 = getelementptr i8, ptr %to, i64 20
      %p28 = getelementptr i8, ptr %to, i64 28
      %wide = zext i1 %a to i8
      store i8 %wide, ptr %to
      store i8 %b, ptr %p1
      store i16 %c, ptr %p2
      store i32 %d, ptr %p4
      store i64 %e, ptr %p8
      store float %f, ptr %p16
      store double %g, ptr %p20, align 4
      store i32 %z, ptr %p28
      ret void
    }
    """
    types = ("i1", "i8", "i16", "i32", "i64", "float", "double")
    parameters = (replace(TARGET, size_bytes=32), *map(Scalar, types))
    running = host(KernelSignature("scalars", parameters, (1, 1, 8), (), has_constant_memory=True), kernel)
    single, double = (int.from_bytes(struct.pack(kind, 1.5), "little") for kind in ("<f", "<d"))
    assert running.call(64, 1, 200, 60000, 2**32 - 2, 2**63 + 5, single, double, workgroup=(0, 0, 7))
    found = struct.unpack("<?BHIQfdI", running.device[64:96].tobytes())
    assert found == (True, 200, 60000, 2**32 - 2, 2**63 + 5, 1.5, 1.5, 7)


def test_local_buffers() -> None:
    """Each is in the scratch memory at a multiple of 64, behind the one before."""
    kernel = """
    define internal void @fill(i32 %x, i32 %y, i32 %z, ptr noalias %a, ptr noalias %b, ptr noalias %c) noinline {
      store i8 1, ptr %a
      store i8 2, ptr %b
      store i8 3, ptr %c
      ret void
    }
    """
    signature = KernelSignature("fill", (), (1, 1, 1), (1, 65, 64), has_constant_memory=True)
    assert signature.scratch_offsets == (0, 64, 192, 256)
    running = host(signature, kernel)
    assert running.call()
    assert list(running.scratch[[0, 64, 192]]) == [1, 2, 3]
