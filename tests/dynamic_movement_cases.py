"""Kernels with dynamic sizes that move elements, or go through them in order, and what numpy does in their place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tests.dynamic_kernel_forms import ADD, LESS, MOVE, Case, empty, generic
from tests.dynamic_kernels import Array, Buffer, Kernel, SizeOf


def transpose() -> Case:
    body = empty("e", "tensor<?x12x?xf32>", ["m", "n"]) + generic(
        "y", "ppp", ["d2, d1, d0", "d0, d1, d2"], [("x", "tensor<?x12x?xf32>"), ("e", "tensor<?x12x?xf32>")], MOVE
    )
    kernel = Kernel((Buffer("x", ("n", 12, "m")),), (Buffer("y", ("m", 12, "n")),), body)
    return Case(kernel, lambda a: np.transpose(a[0], (2, 1, 0)), most=30)


def gather() -> Case:
    """Rows of a table by number."""
    t = "tensor<?x?x48xf32>"
    body = empty("e", t, ["n", "m"]) + generic(
        "y",
        "ppp",
        ["d0, d1", "d0, d1, d2"],
        [("i", "tensor<?x?xi64>"), ("e", t)],
        "%r = arith.index_cast %b0 : i64 to index\n%c = linalg.index 2 : index\n"
        "%s = tensor.extract %x[%r, %c] : tensor<30x48xf32>\nlinalg.yield %s : f32",
    )
    inputs = (Buffer("i", ("n", "m"), "i64"), Buffer("x", (30, 48)))
    return Case(Kernel(inputs, (Buffer("y", ("n", "m", 48)),), body), lambda a: a[1][a[0]], most=12)


def sort(dimension: int) -> Case:
    t = "tensor<?x3x?xf32>"
    body = f"%y, %z = linalg_ext.sort dimension({dimension}) ins(%x : {t}) {{\n{LESS}\n}} -> ({t}, {t})\n"
    sizes = ("n", 3, "m")
    kernel = Kernel((Buffer("x", sizes),), (Buffer("y", sizes), Buffer("z", sizes)), body)
    return Case(kernel, lambda a: np.sort(a[0], dimension), most=40)


def scan(dimension: int) -> Case:
    t = "tensor<?x3x?xf32>"
    body = (
        f"%y = linalg_ext.scan dimension({dimension}) inclusive(true) reverse(true) ins(%x : {t}) {{\n"
        f"^bb0(%a: f32, %b: f32):\n%s = arith.addf %a, %b : f32\nlinalg_ext.yield %s : f32\n}} -> {t}\n"
    )
    kernel = Kernel((Buffer("x", ("n", 3, "m")),), (Buffer("y", ("n", 3, "m")),), body)
    return Case(kernel, lambda a: np.flip(np.cumsum(np.flip(a[0], dimension), dimension), dimension), 1e-4)


def scatter() -> Case:
    """Rows that are added to those with their numbers."""
    x, i, u = "tensor<30x?xf32>", "tensor<?x1xi64>", "tensor<?x1x?xf32>"
    body = (
        f"%x_new = linalg_ext.scatter dims = [0] into(%x : {x}) ins(%i, %u : {i}, {u}) {{\n^bb0(%a: f32, %b: f32):\n"
        f"%s = arith.addf %a, %b : f32\nlinalg_ext.yield %s : f32\n}} -> {x}\n"
    )
    inputs = (Buffer("x", (30, "m")), Buffer("i", ("n", 1), "i64"), Buffer("u", ("n", 1, "m")))

    def compute(arrays: Sequence[Array]) -> Array:
        x, i, u = arrays
        result = x.copy()
        np.add.at(result, i[:, 0], u[:, 0])
        return result

    return Case(Kernel(inputs, inputs[:1], body), compute, 1e-5)


def insertion() -> Case:
    """A transposed tensor in the middle of another one: what a concatenation and a padding do."""
    t, part = "tensor<?x?xf32>", "memref<?x?xf32, strided<[?, 1], offset: ?>, #hal.memory<device>>"
    body = (
        empty("e", t, ["n", "m"])
        + generic("t", "pp", ["d1, d0", "d0, d1"], [("z", t), ("e", t)], MOVE)
        + "%place = memref.subview %x_buffer[%n, 1] [%n, %m] [1, 1]"
        f" : memref<?x?xf32, #hal.memory<device>> to {part}\n"
        f"bufferization.materialize_in_destination %t in restrict writable %place : ({t}, {part}) -> ()\n"
    )
    derived: dict[str, SizeOf] = {"rows": lambda sizes: 3 * sizes["n"], "columns": lambda sizes: sizes["m"] + 2}
    kernel = Kernel((Buffer("z", ("m", "n")),), (Buffer("x", ("rows", "columns")),), body, derived, writes=False)

    def compute(arrays: Sequence[Array]) -> Array:
        m, n = arrays[0].shape
        result = np.full((3 * n, m + 2), 77.0)
        result[n : 2 * n, 1 : 1 + m] = arrays[0].T
        return result

    return Case(kernel, compute)


def joined_dimensions() -> Case:
    """Static dimensions side by side become one loop, behind a dynamic one and between two."""
    t = "tensor<?x7x9x?xf32>"
    every = "d0, d1, d2, d3"
    body = empty("e", t, ["n", "m"]) + generic("y", "pppp", [every, every, every], [("x", t), ("z", t), ("e", t)], ADD)
    buffers = [Buffer(name, ("n", 7, 9, "m")) for name in "xzy"]
    return Case(Kernel((buffers[0], buffers[1]), (buffers[2],), body), lambda a: a[0] + a[1], most=9)


def split_heads() -> Case:
    """Rows of 24 as 3 heads of 8, which go before the rows."""
    split, heads = "tensor<?x?x3x8xf32>", "tensor<?x3x?x8xf32>"
    body = (
        f"%split = tensor.expand_shape %x [[0], [1], [2, 3]] output_shape [%n, %m, 3, 8]"
        f" : tensor<?x?x24xf32> into {split}\n"
        + empty("e", heads, ["n", "m"])
        + generic("y", "pppp", ["d0, d2, d1, d3", "d0, d1, d2, d3"], [("split", split), ("e", heads)], MOVE)
    )
    kernel = Kernel((Buffer("x", ("n", "m", 24)),), (Buffer("y", ("n", 3, "m", 8)),), body)
    return Case(kernel, lambda a: a[0].reshape(*a[0].shape[:2], 3, 8).transpose(0, 2, 1, 3), most=9)


def join_heads() -> Case:
    """The heads of each row side by side, and a bias."""
    joined = "tensor<?x?x24xf32>"
    body = (
        f"%flat = tensor.collapse_shape %x [[0], [1], [2, 3]] : tensor<?x?x3x8xf32> into {joined}\n"
        + empty("e", joined, ["n", "m"])
        + generic(
            "y",
            "ppp",
            ["d0, d1, d2", "d2", "d0, d1, d2"],
            [("flat", joined), ("b", "tensor<24xf32>"), ("e", joined)],
            ADD,
        )
    )
    kernel = Kernel((Buffer("x", ("n", "m", 3, 8)), Buffer("b", (24,))), (Buffer("y", ("n", "m", 24)),), body)
    return Case(kernel, lambda a: a[0].reshape(*a[0].shape[:2], 24) + a[1], most=9)


def gather_from_dynamic_table() -> Case:
    """Numbers from the end count back; reads of a tensor whose size is dynamic."""
    t = "tensor<?x?xf32>"
    body = empty("e", t, ["n", "m"]) + generic(
        "y",
        "pp",
        ["d0", "d0, d1"],
        [("i", "tensor<?xi64>"), ("e", t)],
        "%r = arith.index_cast %b0 : i64 to index\n%one = arith.constant 1 : index\n"
        "%last = arith.subi %rows, %one : index\n%k = arith.minsi %r, %last : index\n"
        "%c = linalg.index 1 : index\n%s = tensor.extract %x[%k, %c] : tensor<?x?xf32>\n"
        "linalg.yield %s : f32",
    )
    inputs = (Buffer("i", ("n",), "i64"), Buffer("x", ("rows", "m")))
    kernel = Kernel(inputs, (Buffer("y", ("n", "m")),), body, {"rows": lambda sizes: sizes["n"] + 1})
    return Case(kernel, lambda a: a[1][np.minimum(a[0], len(a[1]) - 1)])


CASES: dict[str, Callable[[], Case]] = {
    "transpose": transpose,
    "gather": gather,
    "joined dimensions": joined_dimensions,
    "split heads": split_heads,
    "join heads": join_heads,
    "gather from a dynamic table": gather_from_dynamic_table,
    "sort of rows": lambda: sort(2),
    "sort of columns": lambda: sort(0),
    "scan of rows": lambda: scan(2),
    "scan of columns": lambda: scan(0),
    "scatter": scatter,
    "insertion": insertion,
}
