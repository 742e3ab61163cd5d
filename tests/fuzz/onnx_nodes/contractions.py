"""Random products of matrices, and normalisations."""

from __future__ import annotations

import numpy as np

from tests.fuzz.onnx_growing import FLOATS, Growing

_EQUATIONS = (
    "ij,jk->ik", "bij,bjk->bik", "ij->ji", "ii->i", "ij->", "i,j->ij", "bij,bkj->bik", "...ij,...jk->...ik",
    "ij,ij->i", "bhqd,bhkd->bhqk", "i,i", "ij,kj", "bij->bj", "ab,bc,cd->ad", "...i->...", "abc,cd,bd->a",
    "ij, jk -> ki", "aab->ab",
)  # fmt: skip


def matmul(g: Growing) -> None:
    x = g.some((*FLOATS, "int32", "int64"), least=1)
    array = g.values[x]
    inner, columns = array.shape[-1], g.choice.choice((1, 2, 3, 5, 8, 17))
    form = g.choice.choice(("vector", "matrix", "matrix", "batches"))
    if form == "vector":
        shape = (inner,)
    elif form == "matrix" or array.ndim < 3:
        shape = (inner, columns)
    else:
        shape = (*g.broadcastable(array.shape[:-2]), inner, columns)
    g.add("MatMul", [x, g.leaf(array.dtype.name, shape)])


def gemm(g: Growing) -> None:
    a = g.some((*FLOATS, "int32", "int64"), rank=2)
    type_ = g.values[a].dtype.name
    trans_a, trans_b = g.flag(), g.flag()
    shape = g.values[a].shape
    m, k = shape[::-1] if trans_a else shape
    n = g.choice.choice((1, 2, 4, 9))
    b = g.leaf(type_, (n, k) if trans_b else (k, n))
    bias = g.choice.choice([(n,), (m, n), (1, n), (m, 1), (1,), ()])
    c = g.leaf(type_, bias) if g.opset < 11 or g.flag() else None
    alpha, beta = (g.maybe(0.5), g.maybe(2.0)) if type_ in FLOATS else (None, None)
    g.add("Gemm", [a, b, c], transA=g.maybe(trans_a) if not trans_a else 1, transB=trans_b, alpha=alpha, beta=beta)


def einsum(g: Growing) -> None:
    if g.opset < 12:
        return
    equation = g.choice.choice(_EQUATIONS)
    type_ = g.choice.choice(("float32", "float64", "int32"))
    sizes = {letter: g.choice.choice((1, 2, 3, 4)) for letter in "abcdhijkq"}
    batch = g.shape(rank=g.choice.choice((0, 1, 2)))
    operands: list[str] = []
    for term in equation.split("->")[0].split(","):
        letters = term.strip()
        tail = tuple(sizes[letter] for letter in letters.replace("...", ""))
        operands.append(g.leaf(type_, (*batch, *tail) if "..." in letters else tail))
    g.add("Einsum", operands, equation=equation)


def batch_norm(g: Growing) -> None:
    x = g.some(FLOATS, least=2)
    array = g.values[x]
    channels = (array.shape[1],)
    type_ = array.dtype.name
    parts = [g.leaf(type_, channels) for _ in range(3)]
    variance = g.constant((np.abs(g.array(type_, channels)) + 0.5).astype(type_))
    g.add("BatchNormalization", [x, *parts, variance], epsilon=g.maybe(1e-3))


def instance_norm(g: Growing) -> None:
    x = g.some(("float32", "float64"), least=3)
    type_ = g.values[x].dtype.name
    parts = [g.leaf(type_, (g.values[x].shape[1],)) for _ in range(2)]
    g.add("InstanceNormalization", [x, *parts], epsilon=g.maybe(1e-2))


def layer_norm(g: Growing) -> None:
    x = g.some(FLOATS, least=1)
    if g.opset < 17:
        return
    array = g.values[x]
    axis = g.axis(array.ndim)
    shape = array.shape[axis:]
    scale = g.leaf(array.dtype.name, shape)
    if g.opset >= 23 and g.flag():
        g.add("RMSNormalization", [x, scale], axis=axis, epsilon=g.maybe(1e-2))
    else:
        g.add(
            "LayerNormalization", [x, scale, g.maybe(g.leaf(array.dtype.name, shape))], axis=axis, epsilon=g.maybe(1e-2)
        )


def group_norm(g: Growing) -> None:
    if g.opset < 18:
        return
    groups = g.choice.choice((1, 2, 3))
    channels = groups * g.choice.choice((1, 2))
    shape = (g.choice.randint(1, 2), channels, *g.shape(rank=g.choice.choice((1, 2)))[:2])
    type_ = g.choice.choice(("float32", "float64"))
    size = (groups,) if g.opset < 21 else (channels,)
    x, scale, bias = g.leaf(type_, shape), g.leaf(type_, size), g.leaf(type_, size)
    g.add("GroupNormalization", [x, scale, bias], num_groups=groups, epsilon=g.maybe(1e-2))


def response_norm(g: Growing) -> None:
    x = g.some(("float32",), rank=4)
    g.add("LRN", [x], size=g.choice.choice((1, 3, 5)), alpha=g.maybe(0.1), bias=g.maybe(2.0))


FAMILY = {
    matmul: 6,
    gemm: 4,
    einsum: 3,
    batch_norm: 2,
    instance_norm: 1,
    layer_norm: 3,
    group_norm: 1,
    response_norm: 1,
}
