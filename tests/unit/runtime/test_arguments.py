"""What a program function takes and gives, and the whole message for what it does not take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import zellige
from zellige.artifact import TensorSignature

if TYPE_CHECKING:
    from tests.unit.runtime.conftest import Handmade

X = np.arange(6, dtype="f4").reshape(2, 3)


@pytest.fixture
def program(handmade: Handmade) -> Iterator[zellige.Program]:
    two = handmade.adding().function(
        "both",
        [TensorSignature("x", "i32", ())],
        [TensorSignature("more", "i32", ()), TensorSignature("less", "i32", ())],
        """(i32.store $device (i32.load (i32.add (local.get $state) (i32.const 40)))
             (i32.add (i32.load (i32.load (i32.add (local.get $state) (i32.const 32)))) (i32.const 1)))
           (i32.store $device (i32.load (i32.add (local.get $state) (i32.const 48)))
             (i32.sub (i32.load (i32.load (i32.add (local.get $state) (i32.const 32)))) (i32.const 1)))""",
    )
    with zellige.load(two.artifact(), cache=False) as loaded:
        yield loaded


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            (X,),
            "'main' takes 2 arguments (x: tensor<2x3xf32>, y: tensor<2x3xf32>), got 1",
        ),
        (
            (X, X.astype("f8")),
            "argument 1 ('y') of 'main' has dtype float64, expected float32 (tensor<2x3xf32>)\n"
            "note: try y.astype('<f4')",
        ),
        (
            (X.astype(">f4"), X),
            "argument 0 ('x') of 'main' has dtype big-endian float32, expected float32 (tensor<2x3xf32>)\n"
            "note: try x.astype('<f4')",
        ),
        (
            (X.T, X),
            "argument 0 ('x') of 'main' has shape (3, 2), expected (2, 3) (tensor<2x3xf32>)",
        ),
        (
            ([[1.0]], X),
            "argument 0 ('x') of 'main' is a list, expected a numpy array or a device buffer (tensor<2x3xf32>)\n"
            "note: try numpy.asarray(x, dtype='<f4')",
        ),
    ],
    ids=["count", "dtype", "byte order", "shape", "list"],
)
def test_arguments_that_do_not_fit_are_refused(
    program: zellige.Program, arguments: tuple[object, ...], message: str
) -> None:
    with pytest.raises(zellige.RuntimeTrap) as error:
        program["main"](*arguments)
    assert str(error.value) == message
    assert error.value.code == "argument"


@pytest.mark.parametrize(
    ("out", "message"),
    [
        ((X, X), "'main' has 1 result (sum: tensor<2x3xf32>), 'out' holds 2"),
        (
            np.empty((3, 2), "f4"),
            "result 0 ('sum') of 'main' has shape (3, 2), expected (2, 3) (tensor<2x3xf32>)",
        ),
        (
            [X],
            "result 0 ('sum') of 'main' cannot be written to a list, expected a numpy array or a device buffer"
            " (tensor<2x3xf32>)",
        ),
        (
            np.frombuffer(bytes(24), "f4").reshape(2, 3),
            "result 0 ('sum') of 'main' cannot be written to a read-only array",
        ),
    ],
    ids=["count", "shape", "list", "read-only"],
)
def test_outs_that_do_not_fit_are_refused(program: zellige.Program, out: object, message: str) -> None:
    with pytest.raises(zellige.RuntimeTrap) as error:
        program["main"](X, X, out=out)
    assert str(error.value) == message
    assert error.value.code == "argument"


def test_a_buffer_of_another_device_is_refused(program: zellige.Program) -> None:
    with zellige.Device() as other:
        foreign = other.array(X)
        with pytest.raises(zellige.RuntimeTrap) as error:
            program["main"](foreign, X)
    assert str(error.value) == (
        "argument 0 ('x') of 'main' is in the memory of another device, expected a buffer of the program's own device\n"
        "note: try program.device.array"
    )


def test_strides_read_only_and_array_likes_work(program: zellige.Program) -> None:
    wide = np.arange(24, dtype="f4").reshape(4, 6)[::2, ::2]
    fixed = X.copy()
    fixed.flags.writeable = False

    class Likeness:
        def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
            return X

    np.testing.assert_array_equal(program["main"](wide, fixed), wide + fixed + 1.5)
    np.testing.assert_array_equal(program["main"](X.T.copy().T, Likeness()), X + X + 1.5)


def test_buffers_are_used_in_place(program: zellige.Program) -> None:
    x, out = program.device.array(X), program.device.empty((2, 3), "f4")
    assert program["main"](x, X, out=out) is out
    np.testing.assert_array_equal(out.numpy(), X + X + 1.5)
    program["main"].call_unchecked(x, out, (last := program.device.empty((2, 3), "f4")))
    np.testing.assert_array_equal(last.numpy(), X + (X + X + 1.5) + 1.5)


def test_call_unchecked_says_how_many_buffers_there_are(program: zellige.Program) -> None:
    with pytest.raises(zellige.RuntimeTrap, match=r"^'main' takes 3 buffers, got 1$"):
        program["main"].call_unchecked(program.device.array(X))


def test_a_result_may_go_to_the_buffer_of_an_argument(program: zellige.Program) -> None:
    x = program.device.array(X)
    program["main"](x, x, out=x)
    np.testing.assert_array_equal(x.numpy(), X + X + 1.5)


def test_results_go_into_strided_arrays(program: zellige.Program) -> None:
    target = np.zeros((2, 6), "f4")
    program["main"](X, X, out=target[:, ::2])
    np.testing.assert_array_equal(target[:, ::2], X + X + 1.5)
    np.testing.assert_array_equal(target[:, 1::2], 0)


def test_several_results_are_a_tuple(program: zellige.Program) -> None:
    more, less = program["both"](np.int32(5))
    assert (more, less, more.shape, more.dtype) == (6, 4, (), np.int32)
    outs = (np.empty((), "u4"), program.device.empty((), "i4"))
    assert program["both"](np.array(5, "u4"), out=outs) is outs
    assert (outs[0][()], outs[1].numpy()[()]) == (6, 4)


@pytest.mark.parametrize(
    ("dtype", "array_dtype"),
    [
        ("f32", "f4"),
        ("f64", "f8"),
        ("i1", "?"),
        ("i8", "i1"),
        ("i16", "i2"),
        ("i32", "i4"),
        ("i64", "i8"),
        ("index", "i4"),
        ("i8", "u1"),
        ("i16", "u2"),
        ("i32", "u4"),
        ("i64", "u8"),
    ],
)
@pytest.mark.parametrize("shape", [(), (0,), (3, 0), (1, 1), (2, 3, 5)])
def test_every_element_type_and_rank_makes_the_round_trip(
    handmade: Handmade, dtype: str, array_dtype: str, shape: tuple[int, ...]
) -> None:
    values = np.random.default_rng(0).integers(0, 2, shape).astype(array_dtype)
    with zellige.load(handmade.copying("same", dtype, shape, values.nbytes).artifact(), cache=False) as program:
        result = program["same"](values)
    assert result.shape == shape
    assert result.dtype == np.dtype(array_dtype.replace("u", "i"))
    np.testing.assert_array_equal(result, values)


def test_a_signless_integer_does_not_take_another_width_or_kind(handmade: Handmade) -> None:
    with zellige.load(handmade.copying("same", "i1", (2,), 2).artifact(), cache=False) as program:
        for dtype in ("u1", "i1", "f4"):
            with pytest.raises(zellige.RuntimeTrap) as error:
                program["same"](np.zeros(2, dtype))
            assert f"has dtype {np.dtype(dtype).name}, expected bool (tensor<2xi1>)" in str(error.value)


def test_a_function_sees_its_state_block(handmade: Handmade) -> None:
    seen = handmade.function(
        "main",
        [],
        [TensorSignature("header", "i64", (4,))],
        """(memory.copy $device $device (i32.load (i32.add (local.get $state) (i32.const 32)))
             (local.get $state) (i32.const 32))
           (i32.store8 offset=999999 (i32.load (i32.add (local.get $state) (i32.const 16))) (i32.const 1))
           (i32.store8 (i32.load (i32.add (local.get $state) (i32.const 24))) (i32.const 1))""",
        slab_bytes=1000000,
    )
    with zellige.load(seen.artifact(), cache=False) as program:
        worker, workers, slab, synchronisation = program["main"]()
        again = program["main"]()
    assert (worker, workers) == (0, 1)
    assert slab % 64 == synchronisation % 64 == 0
    assert min(slab, synchronisation) >= 65536
    np.testing.assert_array_equal(again, [worker, workers, slab, synchronisation])


def test_a_result_larger_than_memory_is_refused(handmade: Handmade) -> None:
    huge = handmade.function("main", [], [TensorSignature("all", "f32", (2**20, 2**20))], "")
    with zellige.load(huge.artifact(), cache=False) as program, pytest.raises(zellige.RuntimeTrap) as error:
        program["main"]()
    assert error.value.code == "memory"
    assert "4398046511104 bytes" in str(error.value)
