"""Constants as arrays and back."""

import numpy as np
import pytest
from xdsl.dialects.builtin import BytesAttr, DenseIntOrFPElementsAttr, FloatAttr, IntegerAttr, TensorType, f32, i1, i8

from zellige.analysis.constants import array_of, attribute_of, splat_of


def test_bytes_are_viewed_not_copied() -> None:
    content = np.arange(6, dtype="<f4").tobytes()
    dense = DenseIntOrFPElementsAttr(TensorType(f32, [2, 3]), BytesAttr(content))
    array = array_of(dense)
    assert array is not None
    assert array.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert not array.flags.writeable
    assert attribute_of(array, dense.type) == dense


def test_one_stored_element_stands_for_all() -> None:
    dense = DenseIntOrFPElementsAttr(TensorType(f32, [2, 3]), BytesAttr(np.float32(7).tobytes()))
    array = array_of(dense)
    assert array is not None
    assert array.tolist() == [[7.0] * 3] * 2


@pytest.mark.parametrize(("attribute", "value"), [(IntegerAttr(-1, i8), -1), (IntegerAttr(1, i1), True)])
def test_integers(attribute: IntegerAttr, value: int) -> None:
    array = array_of(attribute)
    assert array is not None
    assert array.tolist() == value


def test_float_scalars_keep_their_bits() -> None:
    for value in (0.1, float("inf"), -0.0):
        attribute = FloatAttr(value, f32)
        array = array_of(attribute)
        assert array is not None
        assert array.dtype == np.float32
        back = attribute_of(array, f32)
        assert isinstance(back, FloatAttr)
        assert np.float32(back.value.data).tobytes() == np.float32(value).tobytes()


def test_splats_are_equal_bits() -> None:
    assert splat_of(np.full((3, 4), 2.5)) == 2.5
    assert splat_of(np.array([0.0, -0.0])) is None
    assert splat_of(np.array([1.0, 2.0, 1.0])) is None
    assert splat_of(np.zeros((0, 4))) is None
    nan = splat_of(np.full(5, np.nan))
    assert nan is not None
    assert np.isnan(nan)
    assert splat_of(np.broadcast_to(np.float32(3), (1 << 40, 2))) == 3
    assert splat_of(np.arange(4)[::-1].reshape(2, 2).T) is None
