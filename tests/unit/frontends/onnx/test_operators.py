"""Operators by family, in one program each: every output is what the reference evaluator of onnx computes."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from onnx import helper, parser

import zellige
from tests.onnx_reference import reference_results

Array = npt.NDArray[Any]

FAMILIES = {
    "arithmetic": (
        "float[2,3] x, float[3] z, int32[4] i, int32[4] j, uint8[4] u",
        """a = Add(x, z) b = Sub(z, x) c = Mul(x, z) d = Div(x, z) e = Neg(x) f = Abs(x) g = Sign(x) h = Reciprocal(z)
        k = Mod(i, j) l = Mod <fmod = 1> (i, j) m = Div(i, j) n = Max(x, z, x) o = Min(z, x) p = Mean(x, z)
        q = Sum(x, x, z) r = Floor(x) s = Ceil(x) t = Round(x) v = Abs(i) w = Sub(u, u)
        two = Constant <value = uint8 {2}> () aa = BitShift <direction = "LEFT"> (u, two)
        bb = BitShift <direction = "RIGHT"> (u, two) cc = BitwiseXor(i, j) dd = BitwiseNot(i)""",
    ),
    "functions": (
        "float[2,3] x",
        """p = Abs(x) a = Exp(x) b = Log(p) c = Sqrt(p) d = Tanh(x) e = Sigmoid(x) f = Relu(x) g = Erf(x)
        h = Softplus(x) i = Softsign(x) j = Elu(x) k = Selu(x) l = LeakyRelu(x) m = HardSigmoid(x) n = Mish(x)
        o = Gelu(x) q = ThresholdedRelu(x) r = Sin(x) s = Cos(x) t = Celu(x) u = Clip(x) v = PRelu(x, p)
        w = Pow(p, x)""",
    ),
    "comparisons": (
        "float[2,3] x, float[3] z, bool[3] t",
        """a = Greater(x, z) b = Less(x, z) c = Equal(x, z) d = GreaterOrEqual(x, z) e = LessOrEqual(x, z)
        f = And(a, t) g = Or(b, t) h = Xor(a, t) i = Not(t) j = Where(t, x, z) k = IsNaN(x) l = IsInf(x)
        m = Cast <to = 6> (x) n = Cast <to = 1> (t) o = Cast <to = 9> (z) p = Cast <to = 11> (x)""",
    ),
    "shapes": (
        "float[2,3,4] x, float[1,3,1] y",
        """a = Transpose(x) b = Transpose <perm = [1, 0, 2]> (x) c = Flatten(x) d = Concat <axis = 1> (x, x)
        n3 = Constant <value_ints = [2, -1]> () e = Reshape(x, n3)
        s = Constant <value_ints = [3, -1]> () f = Constant <value_ints = [-5, -9]> ()
        ax = Constant <value_ints = [2, 0]> () st = Constant <value_ints = [-2, -1]> () g = Slice(x, s, f, ax, st)
        reps = Constant <value_ints = [1, 2, 3]> () h = Tile(y, reps)
        wide = Constant <value_ints = [2, 1, 4]> () i = Expand(y, wide)
        sp = Constant <value_ints = [1, 3]> () j, k = Split <axis = 2> (x, sp)
        one = Constant <value_ints = [0, 2]> () l = Squeeze(y, one) m = Unsqueeze(y, one)
        pads = Constant <value_ints = [0, 1, 2, 0, 0, 1]> () zero = Constant <value_float = 0.5> ()
        n = Pad(x, pads, zero) o = Pad <mode = "reflect"> (x, pads) p = Pad <mode = "edge"> (x, pads)
        q = Pad <mode = "wrap"> (x, pads) r = Trilu(x) t = Trilu <upper = 0> (x) u = EyeLike <k = 1> (c)""",
    ),
    "reductions": (
        "float[2,3,4] x, int32[3,2] i",
        """ax = Constant <value_ints = [1]> () a = ReduceSum(x, ax) b = ReduceMean <keepdims = 0> (x, ax)
        c = ReduceMax(x) d = ReduceMin <keepdims = 0> (x, ax)
        e = ReduceProd(x, ax) f = ReduceL1(x, ax) g = ReduceL2(x, ax)
        h = ReduceLogSumExp(x, ax) j = ReduceSumSquare(x) k = ArgMax <axis = 2> (x)
        l = ArgMin <axis = 1, keepdims = 0> (x) m = Softmax(x) n = LogSoftmax <axis = 0> (x) o = Hardmax <axis = 1> (x)
        last = Constant <value = int64 {2}> ()
        p = CumSum(x, last) q = CumSum <exclusive = 1, reverse = 1> (x, last) r = ReduceMax(i, ax)""",
    ),
    "contractions": (
        "float[2,3,4] x, float[4,5] w, float[2,4,5] v, float[4] u, float[5] c, float[3,4] a",
        """d = MatMul(x, w) e = MatMul(x, v) f = MatMul(u, w) g = MatMul(a, u) h = MatMul(u, u) i = Gemm(a, w, c)
        j = Gemm <alpha = 0.5, beta = 2.0, transA = 1> (a, a) k = Gemm <transB = 1> (a, a)
        l = Einsum <equation = "bij,bjk->bki"> (x, v) m = Einsum <equation = "ij->ji"> (a)
        n = Einsum <equation = "...j,jk->...k"> (x, w) o = Einsum <equation = "bij->b"> (x)""",
    ),
    "convolutions": (
        "float[1,4,6,5] x, float[6,2,3,3] k, float[6] b, float[4,2,3,2] t, float[1,2,7] y, float[3,2,3] l, "
        "float[1,4,12] col",
        """a = Conv <group = 2> (x, k, b) c = Conv <group = 2, pads = [1, 0, 2, 1], strides = [2, 1]> (x, k)
        d = Conv <group = 2, auto_pad = "SAME_UPPER", dilations = [1, 2]> (x, k, b) e = Conv <pads = [1, 1]> (y, l)
        f = ConvTranspose <strides = [2, 1]> (x, t) g = ConvTranspose <pads = [1, 0, 0, 1], strides = [2, 2]> (x, t)
        im = Constant <value_ints = [4, 5]> () block = Constant <value_ints = [2, 1]> ()
        i = Col2Im <strides = [1, 2], pads = [1, 0, 0, 0]> (col, im, block)
        h = ConvTranspose <output_padding = [1, 0], strides = [2, 1]> (x, t)""",
    ),
    "poolings": (
        "float[1,2,6,5] x, float[1,2,9] y",
        """a = MaxPool <kernel_shape = [3, 2]> (x) b = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (x)
        c = AveragePool <kernel_shape = [3, 3], pads = [1, 1, 1, 1]> (x) d = GlobalAveragePool(x) e = GlobalMaxPool(x)
        f = AveragePool <kernel_shape = [3, 3], pads = [1, 1, 1, 1], count_include_pad = 1> (x)
        g = MaxPool <kernel_shape = [3], pads = [1, 1], strides = [2]> (y)""",
    ),
    "sampling": (
        "float[2,3,4,5] x, float[2,3,2,2] p, float[2,2,3] m",
        """a = GridSample(x, p) b = GridSample <mode = "cubic", padding_mode = "border", align_corners = 1> (x, p)
        c = GridSample <mode = "nearest", padding_mode = "reflection"> (x, p)
        size = Constant <value_ints = [2, 1, 3, 4]> () d = AffineGrid(m, size)""",
    ),
    "transforms": (
        "float[2,8,2] z, float[2,40,1] r, double[1,4096,1] l, float[5] w",
        """axis = Constant <value = int64 {1}> () len = Constant <value = int64 {5}> ()
        frame = Constant <value = int64 {2}> () a = DFT(z, , axis) b = DFT <inverse = 1> (z, , axis)
        c = DFT(z, len, axis) d = DFT <onesided = 1> (r, , axis) e = DFT(r, , axis) f = DFT <inverse = 1> (r, , axis)
        g = DFT(l, , axis) h = STFT <onesided = 0> (z, frame, , len) i = STFT <onesided = 1> (r, frame, w, len)""",
    ),
    "normalizations": (
        "float[4,4,3,3] x, float[4] s, float[4] b, float[4] m, float[4] v, float[3] w",
        """var = Abs(v) a = BatchNormalization(x, s, b, m, var) c = InstanceNormalization(x, s, b)
        d = LayerNormalization(x, w) e = LpNormalization <axis = 1> (x) f = LRN <size = 3> (x)""",
    ),
    "indexing": (
        "float[3,4] x, int64[2] i, int64[2,4] e, int64[2,2] n, float[2] u, float[2,4] r",
        """a = Gather(x, i) b = Gather <axis = 1> (x, n) c = GatherElements(x, e) d = GatherND(x, n)
        f = ScatterElements(x, e, r) g = ScatterND(x, n, u) h = ScatterElements <reduction = "add"> (x, e, r)
        k = Constant <value_ints = [2]> () j, l = TopK <axis = 1> (x, k) m, o = TopK <axis = 0, largest = 0> (x, k)
        depth = Constant <value = int64 {4}> () values = Constant <value_floats = [-1.0, 2.0]> ()
        p = OneHot <axis = 0> (i, depth, values) last = Constant <value = int64 {-1}> ()
        q = Gather <axis = 1> (x, last)""",
    ),
}
"""Inputs and nodes of a graph. Names of one or two letters that are no inputs are outputs."""


def numbers(rng: np.random.Generator, name: str, type_: str) -> Array:
    """Random numbers for an input; integers are positions in a dimension of at least 3."""
    element, _, sizes = type_.partition("[")
    shape = [int(size) for size in sizes.rstrip("]").split(",") if size]
    match element:
        case "float":
            values = rng.normal(size=shape).astype(np.float32)
            return np.where(np.abs(values) < 0.1, np.float32(0.5), values)
        case "double":
            return rng.normal(size=shape)
        case "bool":
            return rng.integers(0, 2, shape).astype(np.bool_)
        case "uint8":
            return rng.integers(0, 256, shape).astype(np.uint8)
        case "int64":
            return np.stack([rng.permutation(3)[: shape[0]] for _ in range(int(np.prod(shape[1:])))], -1).reshape(shape)
        case _:
            found = rng.integers(-20, 20, shape).astype(np.int32)
            return np.where(found == 0, np.int32(7), found)


@pytest.mark.parametrize("family", FAMILIES)
def test_results_are_those_of_the_reference(family: str) -> None:
    inputs, nodes = FAMILIES[family]
    text = f'<ir_version: 10, opset_import: ["" : 20]> g ({inputs}) => () {{ {nodes} }}'
    model = parser.parse_model(text)
    made = [name for node in model.graph.node for name in node.output if len(name) <= 2 and node.op_type != "Constant"]
    rng = np.random.default_rng(7)
    pairs = [entry.split(" ") for entry in inputs.split(", ")]
    given = {name: numbers(rng, name, type_) for type_, name in pairs}
    for name in made:
        model.graph.output.add(name=name)
    expected = reference_results(model, given)
    del model.graph.output[:]
    for name, wanted in zip(made, expected, strict=True):
        code = helper.np_dtype_to_tensor_dtype(wanted.dtype)
        model.graph.output.append(helper.make_tensor_value_info(name, code, wanted.shape))
    results = zellige.load(zellige.compile(model.SerializeToString()))["main"](**given)
    for name, result, wanted in zip(made, results, expected, strict=True):
        assert result.dtype.itemsize == wanted.dtype.itemsize, name
        same_sign = result.view(wanted.dtype)  # integers may cross the border without it
        np.testing.assert_allclose(same_sign, wanted, rtol=1e-4, atol=1e-5, err_msg=name)
