"""Known numbers become constants without a copy where they can."""

import numpy as np

from zellige.passes.input.tensors import Tensor, constant_attribute

CONTENT = np.arange(6, dtype=np.float32).tobytes()


def test_bytes_are_not_copied() -> None:
    numbers = np.frombuffer(CONTENT, np.float32).reshape(2, 3)
    assert constant_attribute(Tensor.of(numbers)).data.data is CONTENT


def test_parts_and_other_orders_are() -> None:
    numbers = np.frombuffer(CONTENT, np.float32)
    for view in (numbers[1:], numbers[::-1], numbers.reshape(2, 3).T):
        assert constant_attribute(Tensor.of(view)).data.data == view.tobytes()
