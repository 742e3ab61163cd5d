"""What a constant is printed as is read back as the same bytes."""

import hypothesis.extra.numpy as hnp
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import (
    AnyDenseElement,
    BytesAttr,
    DenseIntOrFPElementsAttr,
    IndexType,
    IntegerType,
    ModuleOp,
    TensorType,
    f32,
    f64,
)

from zellige.compiler.universe import context
from zellige.support.parsing import parse_module
from zellige.support.printing import module_text

TYPES: dict[str, AnyDenseElement] = {
    "<f4": f32,
    "<f8": f64,
    "?": IntegerType(1),
    "<i1": IntegerType(8),
    "<i2": IntegerType(16),
    "<i4": IntegerType(32),
    "<i8": IndexType(),
}


@given(st.data())
@settings(max_examples=60)
def test_constants_keep_their_bytes(data: st.DataObject) -> None:
    dtype = data.draw(st.sampled_from(sorted(TYPES)))
    shape = data.draw(hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=7))
    array = data.draw(hnp.arrays(np.dtype(dtype), shape))
    constant = DenseIntOrFPElementsAttr(TensorType(TYPES[dtype], shape), BytesAttr(array.tobytes()))
    text = module_text(ModuleOp([ConstantOp(constant)]))
    (op,) = parse_module(text, "constant.mlir", context()).ops
    assert op.properties["value"] == constant
