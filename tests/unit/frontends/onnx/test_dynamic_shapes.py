"""Models with open dimensions: compiled once, run at several sizes, beside the reference evaluator of onnx."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, parser

import zellige
from tests.onnx_reference import reference_results
from zellige.frontends.onnx.importer import import_model
from zellige.passes.input.tensors import Array
from zellige.support.errors import CompileError, RuntimeTrap

Sizes = dict[str, int]


def model(text: str, opset: int = 17) -> onnx.ModelProto:
    return parser.parse_model(f'<ir_version: 8, opset_import: ["" : {opset}]> {text}')


def arrays(graph: onnx.GraphProto, sizes: Sizes) -> dict[str, Array]:
    """Inputs of these sizes; integers are positions that every tensor of the models has."""
    random = np.random.default_rng(0)
    feeds: dict[str, Array] = {}
    for value in graph.input:
        tensor = value.type.tensor_type
        shape = [size.dim_value if size.HasField("dim_value") else sizes[size.dim_param] for size in tensor.shape.dim]
        if tensor.elem_type == TensorProto.INT64:
            feeds[value.name] = random.integers(0, 2, shape)
        elif tensor.elem_type == TensorProto.BOOL:
            feeds[value.name] = random.integers(0, 2, shape).astype(bool)
        else:
            feeds[value.name] = random.normal(size=shape).astype(np.float32)
    return feeds


def check(proto: onnx.ModelProto, sizes: Sequence[Sizes], tolerance: float = 1e-5) -> None:
    with zellige.load(zellige.compile(proto.SerializeToString()), cache=False) as program:
        for given in sizes:
            feeds = arrays(proto.graph, given)
            expected = reference_results(proto, feeds)
            made: Any = program["main"](**feeds)
            for one, other in zip(expected, made if len(expected) > 1 else [made], strict=True):
                np.testing.assert_allclose(other, one, rtol=tolerance, atol=tolerance, err_msg=str(given))


SIZES = [{"N": 1, "M": 1}, {"N": 3, "M": 5}, {"N": 4, "M": 18}]

MODELS = {
    "broadcasting": """
        g (float[N,M,4] x, float[M,4] y, float[N,1,1] z) => (float[N,M,4] r, bool[N,M,4] b)
        { a = Add(x, y) c = Mul(a, z) d = Clip(c) b = Greater(c, z) r = Where(b, d, y) }""",
    "reshapes": """
        g (float[N,M,12] x) => (float[N,3,M,4] heads, float[a,12] rows, float[N,b] flat)
        <int64[4] split = {0, -1, 3, 4}, int64[2] wide = {-1, 12}>
        { s = Reshape(x, split) heads = Transpose<perm = [0, 2, 1, 3]>(s)
          rows = Reshape(x, wide) flat = Flatten<axis = 1>(heads) }""",
    "shapes": """
        g (float[N,M] x) => (float[N,M,2] filled, int64[M] counted, float[N,a,b] spread, int64 size)
        <int64[1] two = {2}, int64[1] ax = {0}, int64 i0 = {0}, int64 i1 = {1}, int64[1] ten = {3}>
        { s = Shape(x) n = Gather<axis = 0>(s, i0) m = Gather<axis = 0>(s, i1) counted = Range(i0, m, i1)
          n1 = Unsqueeze(n, ax) m1 = Unsqueeze(m, ax) all = Concat<axis = 0>(n1, m1, two)
          filled = ConstantOfShape<value = float[1] {2.5}>(all)
          e = Unsqueeze(x, two) more = Concat<axis = 0>(n1, m1, ten) spread = Expand(e, more) size = Size(x) }""",
    "slices": """
        g (float[N,M] x) => (float[N,a] first, float[N,b] back, float[N] last, float[N,c] l, float[N,d] r)
        <int64[1] zero = {0}, int64[1] far = {9223372036854775807}, int64[1] one = {1}, int64[1] low = {-1},
         int64[1] start = {-9223372036854775807}, int64[1] three = {3}, int64 end = {-1}, int64[1] step = {2}>
        { first = Slice(x, zero, three, one, one) back = Slice(x, low, start, one, low)
          last = Gather<axis = 1>(x, end) s = Shape(x) m = Slice(s, one, far) half = Div(m, step)
          rest = Sub(m, half) both = Concat<axis = 0>(half, rest) l, r = Split<axis = 1>(x, both) }""",
    "reductions": """
        g (float[N,M,6] x) => (float[N,M,6] soft, float[N,1,6] mean, float[M] most, int64[N,6] where, float[N,M,6] run)
        <int64[2] both = {0, 2}, int64 one = {1}>
        { soft = Softmax<axis = 1>(x) mean = ReduceMean<axes = [1]>(x) most = ReduceMax<axes = [0, 2], keepdims = 0>(x)
          where = ArgMax<axis = 1, keepdims = 0>(x) run = CumSum(x, one) }""",
    "products": """
        g (float[N,M,8] x, float[8,5] w, float[5] b) => (float[N,M,M] s, float[N,M,5] y, float[N,5] z, float[N,N] e)
        <int64 zero = {0}>
        { t = Transpose<perm = [0, 2, 1]>(x) s = MatMul(x, t) p = MatMul(x, w) y = Add(p, b)
          f = Gather<axis = 1>(x, zero) z = Gemm(f, w, b) e = Einsum<equation = "ij,kj->ik">(f, f) }""",
    "normalization": """
        g (float[N,M,8] x, float[8] scale, float[8] bias) => (float[N,M,8] y)
        { n = LayerNormalization<axis = -1>(x, scale, bias) half = Constant<value = float {0.70710678}>()
          h = Mul(n, half) e = Erf(h) y = Mul(n, e) }""",
    "indexing": """
        g (float[N,M,4] x, int64[M] i, int64[N,M] j, float[7,3] table)
          => (float[N,M,M] y, float[N,M,3] words, float[N,M] k, float[N,M] sorted)
        <int64 zero = {0}, int64[1] one = {1}>
        { i0 = Mul(i, zero) f = Gather<axis = 2>(x, zero) both = Einsum<equation = "ij,ik->ijk">(f, f)
          y = Gather<axis = 2>(both, i0) words = Gather<axis = 0>(table, j)
          j0 = Mul(j, zero) k = GatherElements<axis = 1>(f, j0) s = Shape<start = 1, end = 2>(f)
          sorted, places = TopK<axis = 1>(f, s) }""",
    "images": """
        g (float[N,3,M,7] x, float[4,3,3,3] w, float[4] b)
          => (float[N,4,M,a] y, float[N,4,c,d] p, float[N,4,1,1] q, float[N,3,e,f] r)
        <float[4] scales = {1, 1, 2, 2}>
        { y = Conv<pads = [1, 1, 1, 1]>(x, w, b) p = MaxPool<kernel_shape = [1, 2], strides = [1, 2]>(y)
          q = GlobalAveragePool(y) r = Resize<mode = "nearest", coordinate_transformation_mode = "asymmetric",
                                             nearest_mode = "floor">(x, , scales) }""",
    "pools": """
        g (float[N,2,M] x) => (float[N,2,a] y, float[N,2,b] z)
        { y = AveragePool<kernel_shape = [3], pads = [1, 1]>(x)
          z = AveragePool<kernel_shape = [3], pads = [1, 1], count_include_pad = 1>(x) }""",
    "recurrent": """
        g (float[M,N,3] x, float[1,16,3] w, float[1,16,4] r, float[1,32] b) => (float[M,1,N,4] y, float[1,N,4] h)
        { y, h = LSTM<hidden_size = 4>(x, w, r, b) }""",
    "padding": """
        g (float[N,M] x) => (float[N,a] z, float[N,b] e, float[N,c] tiled, float[N,d] both)
        <int64[4] by = {0, 2, 0, 1}, int64[2] times = {1, 3}>
        { z = Pad(x, by) e = Pad<mode = "edge">(x, by) tiled = Tile(x, times) both = Concat<axis = 1>(x, z) }""",
}


@pytest.mark.parametrize("name", MODELS)
def test_results_are_those_of_the_reference_at_all_sizes(name: str) -> None:
    check(model(MODELS[name]), SIZES)


def refused(text: str) -> CompileError:
    with pytest.raises(CompileError) as caught:
        import_model(model(text))
    return caught.value


def trap(text: str, *shapes: tuple[int, ...]) -> str:
    """What stops a program that is given arguments of these shapes."""
    with zellige.load(zellige.compile(model(text).SerializeToString()), cache=False) as program:
        with pytest.raises(RuntimeTrap) as caught:
            program["main"](*(np.zeros(shape, np.float32) for shape in shapes))
        return str(caught.value)


def test_dimensions_of_one_name_are_one_size() -> None:
    message = trap(
        "g (float[N,2] x, float[2,N] y) => (float[N,2] z) { t = Transpose(y) z = Add(x, t) }", (3, 2), (2, 4)
    )
    assert "dimension 1 of argument 1 ('y') differs from dimension 0 of argument 0 ('x')" in message


def test_dimensions_that_meet_are_equal() -> None:
    message = trap("g (float[N] x, float[M] y) => (float[N] z) { z = Add(x, y) }", (3,), (1,))
    assert "dimension 0 of argument 1 ('y') differs from dimension 0 of argument 0 ('x')" in message


def test_a_dimension_that_only_one_size_fits_has_it() -> None:
    message = trap("g (float[N] x, float[4] y) => (float[4] z) { z = Add(x, y) }", (1,), (4,))
    assert "argument 0 ('x') of 'main' has shape (1,), expected (4,)" in message


def test_sizes_that_an_operator_needs_are_those() -> None:
    text = """
        g (float[N,C,5,5] x, float[4,3,3,3] w, float[3,2,2,2] v, int64[2,1] places, float[K] new, float[R] flat)
          => (float[N,4,3,3] y, float[N,2,6,6] z, float[5] b, float[5] e, float[2,3] r)
        <float[5] old = {1, 2, 3, 4, 5}, int64[2] s = {2, 3}>
        { y = Conv(x, w) z = ConvTranspose(x, v) b = ScatterND<reduction = "add">(old, places, new)
          few = Flatten<axis = 0>(places) all = Squeeze(few) e = ScatterElements<reduction = "add">(old, all, new)
          r = Reshape(flat, s) }"""
    check(model(text), [{"N": 2, "C": 3, "K": 2, "R": 6}])
    message = trap(
        "g (float[N,C,5,5] x, float[4,3,3,3] w) => (float[N,4,3,3] y) { y = Conv(x, w) }", (1, 2, 5, 5), (4, 3, 3, 3)
    )
    assert "argument 0 ('x') of 'main' has shape (1, 2, 5, 5), expected 3 in dimension 1" in message


def test_sequences_are_as_many_as_their_lengths_and_states() -> None:
    text = """g (float[M,N,3] x, float[1,2,3] w, float[1,2,2] r) => (float[M,1,N,2] y, float[M,1,N,2] z)
        <int32[2] lengths = {1, 3}, float[1,2,2] start = {0, 0, 0, 0}>
        { y = RNN<hidden_size = 2>(x, w, r, , lengths) z = RNN<hidden_size = 2>(x, w, r, , , start) }"""
    rng = np.random.default_rng(0)
    x, w, r = (rng.normal(size=shape).astype(np.float32) for shape in ((3, 2, 3), (1, 2, 3), (1, 2, 2)))
    rows: list[Array] = []
    state = np.zeros((2, 2), np.float32)
    for step in x:
        state = np.tanh(step @ w[0].T + state @ r[0].T)
        rows.append(state)
    expected = np.stack(rows)[:, None]
    cut = expected.copy()
    cut[1:, :, 0] = 0
    with zellige.load(zellige.compile(model(text).SerializeToString()), cache=False) as program:
        short, whole = program["main"](x, w, r)
    np.testing.assert_allclose(short, cut, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(whole, expected, rtol=1e-5, atol=1e-6)


def test_a_softmax_of_small_floats_has_open_rows() -> None:
    proto = model("g (float16[N,3] x) => (float16[N,3] y) { y = Softmax<axis = 1>(x) }")
    x = np.arange(6).reshape(2, 3).astype(np.float16)
    with zellige.load(zellige.compile(proto.SerializeToString()), cache=False) as program:
        np.testing.assert_allclose(program["main"](x), np.exp(x) / np.exp(x).sum(1, keepdims=True), rtol=2e-3)


def test_elements_that_do_not_fit_stop_the_program() -> None:
    message = trap("g (float[N] x) => (float[4,a] z) <int64[2] s = {4, -1}> { z = Reshape(x, s) }", (7,))
    assert "dimension 0 of argument 0 ('x')" in message


def test_a_size_that_depends_on_data_is_refused() -> None:
    error = refused("g (float[N] x) => (int64[1,m] z) { z = NonZero(x) }")
    assert "node of 'z' (NonZero): the shape of result 0 depends on unknown numbers" in error.message


def test_a_scatter_into_open_sizes_is_refused() -> None:
    error = refused("g (float[N,3] x, int64[2,1] i, float[2,3] u) => (float[N,3] y) { [put] y = ScatterND(x, i, u) }")
    assert error.message == (
        "node 'put' (ScatterND): tensor<?x3xf32> has sizes that are not known when compiling, which a scatter needs"
    )


def test_integer_products_take_open_columns() -> None:
    proto = model("g (uint8[2,N] x, int8[3,4] w) => (int32[2,4] y) { y = MatMulInteger(x, w) }")
    x, w = np.arange(6, dtype=np.uint8).reshape(2, 3), np.arange(12, dtype=np.int8).reshape(3, 4) - 5
    with zellige.load(zellige.compile(proto.SerializeToString()), cache=False) as program:
        np.testing.assert_array_equal(program["main"](x, w), x.astype(np.int32) @ w)


def test_a_comparison_of_sizes_that_nothing_is_known_of_is_refused() -> None:
    error = refused(
        """g (float[N,M] x) => (float[a,M] z) <int64[1] o = {1}, int64[1] i = {0}>
        { s = Shape(x) n = Slice(s, i, o) m = Neg(n) k = Add(m, o) k5 = Add(k, o) z = Slice(x, k5, n, i) }"""
    )
    assert "node of 'z' (Slice)" in error.message
    assert "known only when the program runs" in error.message


def test_sizes_are_read_from_the_names_and_not_written_into_the_text() -> None:
    text = str(import_model(model("g (float[N,M] x) => (float[N,M] y) { y = Neg(x) }")))
    assert "(%x: tensor<?x?xf32>" in text
