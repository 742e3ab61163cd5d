"""Arguments and results that a program declares without a sign are unsigned arrays."""

from __future__ import annotations

import numpy as np
import pytest

import zellige


@pytest.mark.parametrize("bits", [8, 16, 32, 64])
def test_signs_are_those_of_the_program(bits: int) -> None:
    type_ = f"tensor<3xui{bits}>"
    text = f"""func.func @main(%x: {type_}, %y: {type_}) -> ({type_}, tensor<3xi{bits}>) {{
        %0 = stablehlo.divide %x, %y : {type_}
        %1 = stablehlo.convert %x : ({type_}) -> tensor<3xi{bits}>
        return %0, %1 : {type_}, tensor<3xi{bits}> }}"""
    x = np.array([(1 << bits) - 1, 200, 7], f"u{bits // 8}")
    y = np.array([2, 3, 7], f"u{bits // 8}")
    with zellige.load(zellige.compile(text), cache=False) as program:
        quotient, converted = program["main"](x, y)
        assert quotient.dtype == x.dtype
        np.testing.assert_array_equal(quotient, x // y)
        np.testing.assert_array_equal(converted, x.astype(f"i{bits // 8}"))
        np.testing.assert_array_equal(program["main"](x.view(f"i{bits // 8}"), y)[0], x // y)
