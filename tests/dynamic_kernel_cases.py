"""Kernels with dynamic sizes that compute, and what numpy computes in their place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tests.dynamic_kernel_forms import ADD, LARGEST, MULTIPLY_ADD, Case, empty, fill, generic
from tests.dynamic_kernels import Array, Buffer, Kernel, SizeOf


def rows_of_8() -> Case:
    body = empty("e", "tensor<?x8xf32>", ["n"]) + generic(
        "y",
        "pp",
        ["d0, d1", "d1", "d0, d1"],
        [("x", "tensor<?x8xf32>"), ("b", "tensor<8xf32>"), ("e", "tensor<?x8xf32>")],
        ADD,
    )
    return Case(
        Kernel((Buffer("x", ("n", 8)), Buffer("b", (8,))), (Buffer("y", ("n", 8)),), body), lambda a: a[0] + a[1]
    )


def two_dynamic_loops() -> Case:
    t = "tensor<?x?x384xf32>"
    body = empty("e", t, ["n", "m"]) + generic(
        "y", "ppp", ["d0, d1, d2", "d2", "d0, d1, d2"], [("x", t), ("b", "tensor<384xf32>"), ("e", t)], ADD
    )
    x, y = Buffer("x", ("n", "m", 384)), Buffer("y", ("n", "m", 384))
    return Case(Kernel((x, Buffer("b", (384,))), (y,), body), lambda a: a[0] + a[1], most=9)


def all_dynamic() -> Case:
    t = "tensor<?x?xf32>"
    body = empty("e", t, ["n", "m"]) + generic(
        "y", "pp", ["d0, d1", "d0, d1", "d0, d1"], [("x", t), ("z", t), ("e", t)], ADD
    )
    buffers = [Buffer(name, ("n", "m")) for name in "xzy"]
    return Case(Kernel((buffers[0], buffers[1]), (buffers[2],), body), lambda a: a[0] + a[1])


def sum_of_static_rows() -> Case:
    t = "tensor<?x77xf32>"
    body = fill("f", "0.0", "tensor<?xf32>", ["n"]) + generic(
        "y", "pr", ["d0, d1", "d0"], [("x", t), ("f", "tensor<?xf32>")], ADD
    )
    return Case(Kernel((Buffer("x", ("n", 77)),), (Buffer("y", ("n",)),), body), lambda a: np.sum(a[0], 1), 1e-5)


def sum_of_dynamic_rows() -> Case:
    t = "tensor<?x?xf32>"
    body = fill("f", "0.0", "tensor<?xf32>", ["n"]) + generic(
        "y", "pr", ["d0, d1", "d0"], [("x", t), ("f", "tensor<?xf32>")], ADD
    )
    return Case(Kernel((Buffer("x", ("n", "m")),), (Buffer("y", ("n",)),), body), lambda a: np.sum(a[0], 1), 1e-5, 70)


def sum_of_columns() -> Case:
    t = "tensor<?x24xf32>"
    body = fill("f", "0.0", "tensor<24xf32>", []) + generic(
        "y", "pr", ["d1, d0", "d0"], [("x", t), ("f", "tensor<24xf32>")], ADD
    )
    return Case(Kernel((Buffer("x", ("n", 24)),), (Buffer("y", (24,)),), body), lambda a: np.sum(a[0], 0), 1e-5)


def largest_of_rows() -> Case:
    t = "tensor<4x?xf32>"
    body = fill("f", "-1.0e+30", "tensor<4xf32>", []) + generic(
        "y", "pr", ["d0, d1", "d0"], [("x", t), ("f", "tensor<4xf32>")], LARGEST
    )
    kernel = Kernel((Buffer("x", (4, "m")),), (Buffer("y", (4,)),), body)
    return Case(kernel, lambda a: np.max(a[0], 1, initial=np.float32(-1e30)), 0, 70)


def softmax(rows: tuple[str | int, ...], length: str | int) -> Case:
    names = [size for size in (*rows, length) if isinstance(size, str)]
    kept = [size for size in rows if isinstance(size, str)]
    marks = ["?" if isinstance(size, str) else str(size) for size in (*rows, length)]
    t, r = f"tensor<{'x'.join(marks)}xf32>", f"tensor<{'x'.join(marks[:-1])}xf32>"
    rank = len(marks)
    every, row = ", ".join(f"d{i}" for i in range(rank)), ", ".join(f"d{i}" for i in range(rank - 1))
    reduction, parallel = "p" * (rank - 1) + "r", "p" * rank
    body = (
        fill("low", "-1.0e+30", r, kept)
        + generic("most", reduction, [every, row], [("x", t), ("low", r)], LARGEST)
        + empty("e", t, names)
        + generic(
            "p",
            parallel,
            [every, row, every],
            [("x", t), ("most", r), ("e", t)],
            "%d = arith.subf %b0, %b1 : f32\n%s = math.exp %d : f32\nlinalg.yield %s : f32",
        )
        + fill("none", "0.0", r, kept)
        + generic("total", reduction, [every, row], [("p", t), ("none", r)], ADD)
        + generic(
            "y",
            parallel,
            [every, row, every],
            [("p", t), ("total", r), ("e", t)],
            "%s = arith.divf %b0, %b1 : f32\nlinalg.yield %s : f32",
        )
    )

    def compute(arrays: Sequence[Array]) -> Array:
        (x,) = arrays
        if not x.size:
            return x
        p = np.exp(x - x.max(-1, keepdims=True))
        return p / p.sum(-1, keepdims=True)

    sizes = (*rows, length)
    return Case(Kernel((Buffer("x", sizes),), (Buffer("y", sizes),), body), compute, 1e-5, 37)


def layer_norm() -> Case:
    t, r = "tensor<?x?x96xf32>", "tensor<?x?xf32>"
    every, row = "d0, d1, d2", "d0, d1"
    body = (
        fill("none", "0.0", r, ["n", "m"])
        + generic("total", "ppr", [every, row], [("x", t), ("none", r)], ADD)
        + "%width = arith.constant 9.6e+01 : f32\n%tiny = arith.constant 1.0e-05 : f32\n"
        + generic(
            "squares",
            "ppr",
            [every, row, row],
            [("x", t), ("total", r), ("none", r)],
            "%mean = arith.divf %b1, %width : f32\n%d = arith.subf %b0, %mean : f32\n"
            "%q = arith.mulf %d, %d : f32\n%s = arith.addf %b2, %q : f32\nlinalg.yield %s : f32",
        )
        + empty("e", t, ["n", "m"])
        + generic(
            "y",
            "ppp",
            [every, row, row, "d2", every],
            [("x", t), ("total", r), ("squares", r), ("g", "tensor<96xf32>"), ("e", t)],
            "%mean = arith.divf %b1, %width : f32\n%d = arith.subf %b0, %mean : f32\n"
            "%v = arith.divf %b2, %width : f32\n%w = arith.addf %v, %tiny : f32\n%i = math.rsqrt %w : f32\n"
            "%u = arith.mulf %d, %i : f32\n%s = arith.mulf %u, %b3 : f32\nlinalg.yield %s : f32",
        )
    )
    sizes = ("n", "m", 96)

    def compute(arrays: Sequence[Array]) -> Array:
        x, g = arrays
        d = x - x.mean(-1, keepdims=True)
        return d / np.sqrt((d * d).mean(-1, keepdims=True) + 1e-5) * g

    return Case(Kernel((Buffer("x", sizes), Buffer("g", (96,))), (Buffer("y", sizes),), body), compute, 1e-4, 19)


def matmul(m: str | int, k: str | int, n: str | int, *, is_transposed: bool = False, with_bias: bool = False) -> Case:
    a, b, c = (
        f"tensor<{'x'.join('?' if isinstance(s, str) else str(s) for s in sizes)}xf32>"
        for sizes in ((m, k), (n, k) if is_transposed else (k, n), (m, n))
    )
    names = [size for size in (m, n) if isinstance(size, str)]
    body = fill("none", "0.0", c, names) + generic(
        "p" if with_bias else "y",
        "ppr",
        ["d0, d2", "d1, d2" if is_transposed else "d2, d1", "d0, d1"],
        [("x", a), ("w", b), ("none", c)],
        MULTIPLY_ADD,
    )
    if with_bias:
        v = f"tensor<{'?' if isinstance(n, str) else n}xf32>"
        body += empty("e", c, names)
        body += generic("y", "pp", ["d0, d1", "d1", "d0, d1"], [("p", c), ("v", v), ("e", c)], ADD)
    inputs = (Buffer("x", (m, k)), Buffer("w", (n, k) if is_transposed else (k, n)))
    inputs += (Buffer("v", (n,)),) if with_bias else ()
    kernel = Kernel(inputs, (Buffer("y", (m, n)),), body)

    def compute(arrays: Sequence[Array]) -> Array:
        x, w, *v = arrays
        return sum(v, x @ (w.T if is_transposed else w))

    return Case(kernel, compute, 1e-4, 37)


def attention(is_scores: bool) -> Case:
    """Heads of 32: scores are L x 32 x L, what they weigh is L x L x 32."""
    q, s = "tensor<?x2x?x32xf32>", "tensor<?x2x?x?xf32>"
    if is_scores:
        maps, c, operands = ["d0, d1, d2, d4", "d0, d1, d3, d4", "d0, d1, d2, d3"], s, [("x", q), ("w", q)]
        inputs, result = (("b", 2, "l", 32), ("b", 2, "l", 32)), ("b", 2, "l", "l")
    else:
        maps, c, operands = ["d0, d1, d2, d4", "d0, d1, d4, d3", "d0, d1, d2, d3"], q, [("x", s), ("w", q)]
        inputs, result = (("b", 2, "l", "l"), ("b", 2, "l", 32)), ("b", 2, "l", 32)
    names = [size for size in result if isinstance(size, str)]
    body = fill("none", "0.0", c, names) + generic("y", "ppppr", maps, [*operands, ("none", c)], MULTIPLY_ADD)
    kernel = Kernel((Buffer("x", inputs[0]), Buffer("w", inputs[1])), (Buffer("y", result),), body)

    def compute(arrays: Sequence[Array]) -> Array:
        x, w = arrays
        return x @ (np.swapaxes(w, 2, 3) if is_scores else w)

    return Case(kernel, compute, 1e-4, 21)


def convolution(batch: str | int, *, has_dynamic_image: bool) -> Case:
    """A window of 3 x 3 with steps of 2: the image has 2 h + 1 rows for h rows of the result."""
    b = "?" if isinstance(batch, str) else str(batch)
    rows, columns = ("?", "?") if has_dynamic_image else ("15", "11")
    tall, wide = ("?", "?") if has_dynamic_image else ("7", "5")
    x, c = f"tensor<{b}x3x{rows}x{columns}xf32>", f"tensor<{b}x8x{tall}x{wide}xf32>"
    sizes = [*([batch] if isinstance(batch, str) else []), *(["h", "w"] if has_dynamic_image else [])]
    body = fill("none", "0.0", c, sizes) + generic(
        "y",
        "pppprrr",
        ["d0, d4, d2 * 2 + d5, d3 * 2 + d6", "d1, d4, d5, d6", "d0, d1, d2, d3"],
        [("x", x), ("k", "tensor<8x3x3x3xf32>"), ("none", c)],
        MULTIPLY_ADD,
    )
    image: tuple[int | str, ...] = (batch, 3, "hi", "wi") if has_dynamic_image else (batch, 3, 15, 11)
    result: tuple[int | str, ...] = (batch, 8, "h", "w") if has_dynamic_image else (batch, 8, 7, 5)
    derived: dict[str, SizeOf] = {"hi": lambda sizes: 2 * sizes["h"] + 1, "wi": lambda sizes: 2 * sizes["w"] + 1}
    kernel = Kernel(
        (Buffer("x", image), Buffer("k", (8, 3, 3, 3))),
        (Buffer("y", result),),
        body,
        derived if has_dynamic_image else {},
    )

    def compute(arrays: Sequence[Array]) -> Array:
        x, k = arrays
        if min(x.shape[2:]) < 3:
            return np.zeros((len(x), 8, x.shape[2] // 2, x.shape[3] // 2))
        windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3), (2, 3))[:, :, ::2, ::2]
        return np.einsum("bchwij,ocij->bohw", windows, k)

    return Case(kernel, compute, 1e-4, 7)


def dot_product_of_bytes(depth: int) -> Case:
    a, b, c = f"tensor<?x{depth}xi8>", f"tensor<{depth}x48xi8>", "tensor<?x48xi32>"
    body = fill("none", "0", c, ["n"]) + generic(
        "y",
        "ppr",
        ["d0, d2", "d2, d1", "d0, d1"],
        [("x", a), ("w", b), ("none", c)],
        "%p = arith.extsi %b0 : i8 to i32\n%q = arith.extsi %b1 : i8 to i32\n%t = arith.muli %p, %q : i32\n"
        "%s = arith.addi %b2, %t : i32\nlinalg.yield %s : i32",
    )
    inputs = (Buffer("x", ("n", depth), "i8"), Buffer("w", (depth, 48), "i8"))
    kernel = Kernel(inputs, (Buffer("y", ("n", 48), "i32"),), body)
    return Case(kernel, lambda a: np.matmul(a[0], a[1], dtype=np.int32))


CASES: dict[str, Callable[[], Case]] = {
    "rows of 8": rows_of_8,
    "two dynamic loops": two_dynamic_loops,
    "all dynamic": all_dynamic,
    "sum of static rows": sum_of_static_rows,
    "sum of dynamic rows": sum_of_dynamic_rows,
    "sum of columns": sum_of_columns,
    "largest of rows": largest_of_rows,
    "softmax of static rows": lambda: softmax(("n",), 33),
    "softmax of dynamic rows": lambda: softmax(("n", 2), "m"),
    "softmax of joined rows": lambda: softmax((2, 3), "m"),
    "softmax in static heads": lambda: softmax((1, 3, "m"), "m"),
    "softmax in a batch": lambda: softmax(("n", 2, "m"), "m"),
    "layer norm": layer_norm,
    "matmul with dynamic rows": lambda: matmul("m", 40, 72, with_bias=True),
    "matmul with dynamic columns": lambda: matmul(24, 40, "n", with_bias=True),
    "matmul with a dynamic depth": lambda: matmul("m", "k", 40),
    "matmul, all dynamic": lambda: matmul("m", "k", "n"),
    "matmul, all dynamic, transposed": lambda: matmul("m", "k", "n", is_transposed=True),
    "scores of attention": lambda: attention(is_scores=True),
    "attention": lambda: attention(is_scores=False),
    "convolution of a batch": lambda: convolution("b", has_dynamic_image=False),
    "convolution of an image": lambda: convolution(2, has_dynamic_image=True),
    "dot product of bytes": lambda: dot_product_of_bytes(64),
    "dot product of bytes, odd depth": lambda: dot_product_of_bytes(67),
}
