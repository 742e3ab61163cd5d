"""Device memory and buffers: views, lifetimes, growth, exhaustion."""

from __future__ import annotations

import gc
import re

import numpy as np
import pytest

from zellige.artifact import DEVICE_RESERVED_BYTES
from zellige.runtime.device import Device
from zellige.support.errors import RuntimeTrap, UsageError


def test_a_buffer_is_looked_into_without_a_copy() -> None:
    with Device() as device:
        buffer = device.array(np.arange(6, dtype="i2").reshape(2, 3))
        assert buffer.address >= DEVICE_RESERVED_BYTES
        assert buffer.address % 64 == 0
        buffer.numpy()[0, 0] = 7
        np.testing.assert_array_equal(buffer.numpy(), [[7, 1, 2], [3, 4, 5]])
        np.testing.assert_array_equal(np.asarray(buffer), buffer.numpy())
        assert buffer.nbytes == 12
        assert repr(buffer) == f"DeviceBuffer(shape=(2, 3), dtype=int16, address={buffer.address:#x})"


@pytest.mark.parametrize("dtype", ["f4", "f8", "?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"])
@pytest.mark.parametrize("shape", [(), (0,), (2, 0, 3), (3,), (2, 2)])
def test_all_dtypes_and_shapes_go_in_and_out(dtype: str, shape: tuple[int, ...]) -> None:
    values = np.random.default_rng(0).integers(0, 2, shape).astype(np.dtype(dtype))
    with Device() as device:
        result = device.array(values).numpy()
        assert result.dtype == values.dtype
        assert result.shape == shape
        np.testing.assert_array_equal(result, values)


def test_memory_comes_back_when_the_last_reference_is_gone() -> None:
    with Device() as device:
        view = device.empty(1000, "f4").numpy()
        gc.collect()
        assert device.memory.used_bytes == 4032
        part = view[::2]
        del view
        gc.collect()
        assert device.memory.used_bytes == 4032
        del part
        gc.collect()
        assert device.memory.used_bytes == 0


def test_a_closed_buffer_is_not_usable_but_its_arrays_are() -> None:
    with Device() as device:
        with device.array(np.ones(4, "f4")) as buffer:
            view = buffer.numpy()
        for use in (buffer.numpy, lambda: buffer.nbytes, lambda: buffer.memory):
            with pytest.raises(UsageError, match=r"^the device buffer is closed$"):
                use()
        assert repr(buffer).endswith(", closed)")
        other = device.empty(4, "f4")
        other.numpy()[:] = 2
        np.testing.assert_array_equal(view, np.ones(4))


def test_memory_grows_under_arrays_that_look_into_it() -> None:
    with Device() as device:
        small = device.array(np.arange(4, dtype="f4"))
        view = small.numpy()
        pages = device.memory.size_bytes
        large = device.empty(1 << 20, "f8")
        assert device.memory.size_bytes > pages
        large.numpy()[-1] = 3
        view[0] = 9
        np.testing.assert_array_equal(small.numpy(), [9, 1, 2, 3])


def test_repeated_use_does_not_grow_memory() -> None:
    with Device() as device:
        device.empty(1 << 20, "u1").close()
        size = device.memory.size_bytes
        for _ in range(20):
            device.empty(1 << 20, "u1").close()
        assert device.memory.size_bytes == size


def test_more_than_there_can_be_is_refused() -> None:
    with Device() as device:
        with pytest.raises(RuntimeTrap) as error:
            device.empty((2**20, 2**20), "f4")
        assert error.value.code == "memory"
        assert str(error.value) == (
            "cannot allocate 4398046511104 bytes of device memory: 0 of at most 4294901760 bytes are in use"
        )
        device.empty(16, "f4")


@pytest.mark.parametrize(
    ("shape", "dtype", "message"),
    [
        ((2, -1), "f4", "sizes of a buffer cannot be negative, got shape (2, -1)"),
        (
            2,
            "c32",
            "complex256 elements cannot be kept in device memory, expected one of float32, float64, bool, int2,"
            " int4, int8, int16, int32, int64, uint2, uint4, uint8",
        ),
        (2, ">f4", "big-endian float32 elements cannot be kept in device memory"),
        (2, "wide", "'wide' is not a numpy dtype"),
    ],
)
def test_a_buffer_that_cannot_be_is_refused(shape: tuple[int, ...], dtype: str, message: str) -> None:
    with Device() as device, pytest.raises(RuntimeTrap, match=f"^{re.escape(message)}") as error:
        device.empty(shape, dtype)
    assert error.value.code == "argument"


def test_strided_and_read_only_arrays_are_copied_in() -> None:
    source = np.arange(24, dtype="i4").reshape(4, 6)[::2, ::-3]
    source.flags.writeable = False
    with Device() as device:
        np.testing.assert_array_equal(device.array(source).numpy(), source)


def test_sizes_may_be_numbers_of_numpy() -> None:
    with Device() as device:
        assert device.empty(np.int32(3), "f4").shape == (3,)
        assert device.empty([np.int64(2), 3], "f4").shape == (2, 3)
