"""Arrays from the words of a command line."""

from pathlib import Path

import numpy as np
import pytest

from zellige.artifact import TensorSignature
from zellige.support.errors import UsageError
from zellige.tools.arrays import array_from_text, arrays_from_texts, save_array


def array(text: str) -> np.ndarray:
    return array_from_text(text, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("shape=2x3xf32:zeros", np.zeros((2, 3), np.float32)),
        ("shape=4xi32:ones", np.ones(4, np.int32)),
        ("shape=2x2xi64:iota", np.array([[0, 1], [2, 3]], np.int64)),
        ("shape=f64:ones", np.array(1.0)),
        ("shape=0x3xi8:iota", np.zeros((0, 3), np.int8)),
        ("shape=2xi1:ones", np.array([True, True])),
        ("shape=2xcomplex<f32>:ones", np.ones(2, np.complex64)),
    ],
)
def test_filled(text: str, expected: np.ndarray) -> None:
    result = array(text)
    assert (result.dtype, result.shape) == (expected.dtype, expected.shape)
    np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize("element", ["f32", "f64", "i1", "i8", "i16", "i32", "i64", "index"])
def test_random_is_the_same_each_time(element: str) -> None:
    text = f"shape=5x7x{element}"
    np.testing.assert_array_equal(array(text), array(f"{text}:random"))
    assert array(text).std() > 0


def test_arrays_have_places_or_names() -> None:
    arguments = [TensorSignature(name, "f32", (1,)) for name in ("x", "shape", "x=y")]
    texts = ["shape=1xf32:zeros", "x=y=shape=1xf32:ones", "shape=shape=2xf32:zeros"]
    in_order, named = arrays_from_texts(texts, arguments, np.random.default_rng(0))
    assert [array.shape for array in in_order] == [(1,)]
    assert {name: array.shape for name, array in named.items()} == {"x=y": (1,), "shape": (2,)}


def test_two_arrays_for_one_name() -> None:
    argument = TensorSignature("x", "f32", (1,))
    with pytest.raises(UsageError, match="two inputs are for argument 'x'"):
        arrays_from_texts(["x=shape=1xf32"] * 2, [argument], np.random.default_rng(0))


def test_file(tmp_path: Path) -> None:
    path = str(tmp_path / "x.npy")
    values = np.arange(6, dtype=np.float32).reshape(2, 3).T
    save_array(path, values)
    np.testing.assert_array_equal(array(path), values)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("shape=2x3", "cannot read 'shape=2x3', expected for example 'shape=2x3xf32:random'"),
        (
            "shape=2xf31",
            "unknown element type 'f31' in 'shape=2xf31', types are f32, f64, i1, i2, i4, i8, i16,"
            " i32, i64, ui2, ui4, ui8, ui16, ui32, ui64, index, complex<f32>, complex<f64>, f16, bf16,"
            " f8E3M4, f8E4M3, f8E4M3FN, f8E4M3FNUZ, f8E4M3B11FNUZ, f8E5M2, f8E5M2FNUZ",
        ),
        (
            "shape=2xf32:one",
            "unknown content 'one' in 'shape=2xf32:one', expected one of random, zeros, ones, iota;"
            " did you mean 'ones'?",
        ),
        (
            "2x3xf32:zeros",
            "cannot read '2x3xf32:zeros': no such file or directory\nnote: an input is an .npy file or"
            " shape=2x3xf32:random (or zeros, ones, iota), after NAME= for the argument of that name",
        ),
        (
            "shape=1099511627776x1099511627776xf32:zeros",
            "an array of shape (1099511627776, 1099511627776) does not fit into the memory of this machine",
        ),
    ],
)
def test_errors(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        array(text)
    assert str(caught.value) == message


@pytest.mark.parametrize("content", [b"", b"text", b"\x93NUMPY\x01"])
def test_files_that_are_no_arrays(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.npy"
    path.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        array(str(path))
    assert str(caught.value) == f"'{path}' is not an .npy file of numbers"


def test_several_arrays(tmp_path: Path) -> None:
    path = tmp_path / "x.npz"
    np.savez(path, a=np.zeros(1), b=np.zeros(1))
    with pytest.raises(UsageError) as caught:
        array(str(path))
    assert str(caught.value) == f"'{path}' holds several arrays, expected an .npy file with one"


def test_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot write"):
        save_array(str(tmp_path / "missing" / "x.npy"), np.zeros(1))
