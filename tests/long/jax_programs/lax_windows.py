# pyright: basic
# The packages need not be installed, so that their functions have no types here.
"""Windows, convolutions, products and indexing of jax.lax."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np

from tests.long.jax_programs.case import Case, booleans, complexes, floats, integers

jax: Any = import_module("jax")
jnp: Any = import_module("jax.numpy")
lax: Any = import_module("jax.lax")


def cases() -> Iterator[Case]:
    yield from _windows()
    yield from _convolutions()
    yield from _products()
    yield from _indexing()


def _windows() -> Iterator[Case]:
    x = floats(2, 9, 8, 3)
    for name, start, combine in (
        ("max", -np.inf, lax.max),
        ("sum", 0.0, lax.add),
        ("min", np.inf, lax.min),
        ("product", 1.0, lax.mul),
    ):
        for padding in ("SAME", "VALID"):
            yield Case(
                f"reduce_window_{name}_{padding}",
                lambda v, s=start, c=combine, p=padding: lax.reduce_window(v, s, c, (1, 3, 2, 1), (1, 2, 2, 1), p),
                (x,),
            )
    yield Case(
        "reduce_window_dilated",
        lambda v: lax.reduce_window(
            v, 0.0, lax.add, (1, 3, 2, 1), (1, 2, 1, 1), ((0, 0), (1, 2), (0, 1), (0, 0)), (1, 2, 1, 1), (1, 2, 3, 1)
        ),
        (x,),
    )
    yield Case(
        "reduce_window_int", lambda v: lax.reduce_window(v, np.int32(0), lax.add, (3,), (1,), "SAME"), (integers(9),)
    )
    yield Case(
        "reduce_window_bool", lambda v: lax.reduce_window(v, False, lax.bitwise_or, (3,), (1,), "SAME"), (booleans(9),)
    )
    yield Case(
        "reduce_window_body",
        lambda v: lax.reduce_window(v, 0.0, lambda a, b: jnp.maximum(jnp.abs(a), jnp.abs(b)), (3,), (1,), "SAME"),
        (floats(9),),
    )
    yield Case(
        "reduce_window_two",
        lambda v, w: lax.reduce_window(
            (v, w),
            (-np.inf, np.int32(0)),
            lambda a, b: (jnp.maximum(a[0], b[0]), jnp.where(a[0] > b[0], a[1], b[1])),
            (3,),
            (2,),
            "VALID",
        ),
        (floats(9), np.arange(9, dtype="int32")),
    )
    for name, combine, start in (("max", lax.max, -np.inf), ("add", lax.add, 0.0)):
        pool = partial(
            lax.reduce_window,
            init_value=start,
            computation=combine,
            window_dimensions=(1, 2, 2, 1),
            window_strides=(1, 2, 2, 1),
            padding="VALID",
        )
        yield Case(f"pool_grad_{name}", jax.grad(lambda v, p=pool: (p(v) ** 2).sum()), (x,))
    overlapping = partial(
        lax.reduce_window,
        init_value=-np.inf,
        computation=lax.max,
        window_dimensions=(1, 3, 3, 1),
        window_strides=(1, 2, 2, 1),
        padding="SAME",
    )
    yield Case("pool_grad_overlapping", jax.grad(lambda v: (overlapping(v) ** 2).sum()), (x,))
    yield Case(
        "reduce_two",
        lambda v, w: lax.reduce(
            (v, w),
            (-np.inf, np.int32(0)),
            lambda a, b: (jnp.maximum(a[0], b[0]), jnp.where(a[0] > b[0], a[1], b[1])),
            (1,),
        ),
        (floats(4, 6), integers(4, 6)),
    )
    yield Case(
        "reduce_xor", lambda v: lax.reduce(v, np.uint32(0), lax.bitwise_xor, (0, 1)), (integers(4, 6, dtype="uint32"),)
    )
    yield Case("reduce_and_bool", lambda v: lax.reduce(v, True, lax.bitwise_and, (1,)), (booleans(4, 6),))
    yield Case("reduce_body", lambda v: lax.reduce(v, 0.0, lambda a, b: a + b + a * b, (1,)), (floats(4, 3),))
    yield Case("argmax_int8", lambda v: lax.argmax(v, 1, "int32"), (integers(4, 9, dtype="int8"),))
    yield Case("argmin", lambda v: lax.argmin(v, 0, "int32"), (floats(4, 9),))


def _convolutions() -> Iterator[Case]:
    for number, (lhs, rhs, out) in enumerate(
        (("NCHW", "OIHW", "NCHW"), ("NHWC", "HWIO", "NHWC"), ("CNHW", "IHWO", "HNWC"), ("NHWC", "OHWI", "NCHW"))
    ):
        sizes = {"N": 2, "C": 4, "H": 9, "W": 8, "O": 6, "I": 4}
        left = floats(*(sizes[d] for d in lhs))
        right = floats(*({**sizes, "H": 3, "W": 2}[d] for d in rhs))
        yield Case(
            f"conv_layout_{number}",
            lambda a, b, n=(lhs, rhs, out): lax.conv_general_dilated(a, b, (1, 1), "SAME", dimension_numbers=n),
            (left, right),
        )
    image, kernel = floats(2, 4, 9, 8), floats(6, 4, 3, 2)
    options: dict[str, dict[str, Any]] = {
        "strides": {"window_strides": (2, 3)},
        "padding": {"padding": ((2, 1), (0, 3))},
        "lhs_dilation": {"lhs_dilation": (2, 3), "padding": ((1, 0), (2, 1))},
        "rhs_dilation": {"rhs_dilation": (2, 3)},
        "all": {"window_strides": (2, 1), "padding": ((3, 1), (0, 3)), "lhs_dilation": (2, 3), "rhs_dilation": (1, 2)},
    }
    for name, option in options.items():
        function = partial(lax.conv_general_dilated, **{"window_strides": (1, 1), "padding": "VALID", **option})
        yield Case(f"conv_{name}", function, (image, kernel))
        yield Case(
            f"conv_{name}_grad", jax.grad(lambda a, b, f=function: (f(a, b) ** 2).sum(), (0, 1)), (image, kernel)
        )
    yield Case(
        "conv_groups",
        lambda a, b: lax.conv_general_dilated(a, b, (1, 1), "SAME", feature_group_count=2),
        (image, floats(6, 2, 3, 2)),
    )
    yield Case(
        "conv_depthwise",
        lambda a, b: lax.conv_general_dilated(a, b, (1, 1), "SAME", feature_group_count=4),
        (image, floats(8, 1, 3, 2)),
    )
    yield Case(
        "conv_depthwise_grad",
        jax.grad(
            lambda a, b: (lax.conv_general_dilated(a, b, (1, 1), "SAME", feature_group_count=4) ** 2).sum(), (0, 1)
        ),
        (image, floats(8, 1, 3, 2)),
    )
    yield Case(
        "conv_batch_groups",
        lambda a, b: lax.conv_general_dilated(a, b, (1, 1), "SAME", batch_group_count=2),
        (floats(4, 4, 9, 8), kernel),
    )
    yield Case("conv_1d", lambda a, b: lax.conv(a, b, (2,), "SAME"), (floats(2, 4, 19), floats(6, 4, 3)))
    yield Case(
        "conv_3d", lambda a, b: lax.conv(a, b, (1, 1, 1), "SAME"), (floats(1, 2, 5, 6, 4), floats(3, 2, 2, 3, 2))
    )
    yield Case("conv_0d", lambda a, b: lax.conv_general_dilated(a, b, (), ()), (floats(2, 4), floats(6, 4)))
    yield Case(
        "conv_int8",
        lambda a, b: lax.conv_general_dilated(a, b, (1, 1), "SAME", preferred_element_type="int32"),
        (integers(2, 4, 9, 8, dtype="int8"), integers(6, 4, 3, 2, dtype="int8")),
    )
    yield Case(
        "conv_bfloat16",
        lambda a, b: lax.conv(a, b, (1, 1), "SAME"),
        (floats(2, 4, 9, 8, dtype="bfloat16"), floats(6, 4, 3, 2, dtype="bfloat16")),
    )
    yield Case(
        "conv_complex", lambda a, b: lax.conv(a, b, (1, 1), "SAME"), (complexes(2, 4, 9, 8), complexes(6, 4, 3, 2))
    )
    yield Case(
        "conv_transpose",
        lambda a, b: lax.conv_transpose(a, b, (2, 2), "SAME"),
        (floats(2, 5, 4, 3), floats(3, 3, 3, 6)),
    )
    yield Case(
        "conv_transpose_kernel",
        lambda a, b: lax.conv_transpose(a, b, (2, 3), "VALID", transpose_kernel=True),
        (floats(2, 5, 4, 3), floats(3, 3, 6, 3)),
    )
    yield Case("conv_patches", lambda a: lax.conv_general_dilated_patches(a, (3, 2), (2, 1), "SAME"), (image,))
    yield Case(
        "conv_local",
        lambda a, b: lax.conv_general_dilated_local(a, b, (1, 1), "VALID", (3, 2)),
        (floats(2, 3, 6, 5), floats(4, 18, 4, 4)),
    )


def _products() -> Iterator[Case]:
    yield Case(
        "dot_general_batch",
        lambda a, b: lax.dot_general(a, b, (((2,), (1,)), ((0,), (2,)))),
        (floats(3, 4, 5), floats(6, 5, 3)),
    )
    yield Case(
        "dot_general_two",
        lambda a, b: lax.dot_general(a, b, (((0, 2), (1, 0)), ((), ()))),
        (floats(3, 4, 5), floats(5, 3, 2)),
    )
    yield Case("dot_general_precision", lambda a, b: lax.dot(a, b, precision="highest"), (floats(3, 4), floats(4, 5)))
    yield Case(
        "dot_general_algorithm",
        lambda a, b: lax.dot(a, b, precision=lax.DotAlgorithmPreset.F32_F32_F32),
        (floats(3, 4), floats(4, 5)),
    )
    yield Case(
        "dot_preferred",
        lambda a, b: lax.dot(a, b, preferred_element_type="float32"),
        (floats(3, 4, dtype="bfloat16"), floats(4, 5, dtype="bfloat16")),
    )
    yield Case("dot_complex", lax.dot, (complexes(3, 4), complexes(4, 5)))
    yield Case("dot_bool", lambda a, b: lax.dot(a.astype("int32"), b.astype("int32")), (booleans(3, 4), booleans(4, 5)))
    yield Case(
        "dot_uint8",
        lambda a, b: lax.dot(a, b, preferred_element_type="uint32"),
        (integers(3, 4, dtype="uint8"), integers(4, 5, dtype="uint8")),
    )
    yield Case("ragged_dot", lax.ragged_dot, (floats(10, 4), floats(3, 4, 5), np.array([3, 2, 5], "int32")))
    yield Case("batch_matmul", lax.batch_matmul, (floats(3, 4, 5), floats(3, 5, 2)))
    yield Case("dot_large", lambda a, b: a @ b, (floats(130, 70), floats(70, 90)))


def _indexing() -> Iterator[Case]:
    x = floats(6, 8)
    for start in ((1, 2), (-3, 7), (5, 100)):
        at = tuple(np.int32(s) for s in start)
        yield Case(f"dynamic_slice_{start[0]}", lambda v, i, j: lax.dynamic_slice(v, (i, j), (2, 3)), (x, *at))
        yield Case(
            f"dynamic_update_slice_{start[0]}",
            lambda v, i, j: lax.dynamic_update_slice(v, v[:2, :3] * 2, (i, j)),
            (x, *at),
        )
    yield Case(
        "dynamic_slice_grad", jax.grad(lambda v, i: (lax.dynamic_slice(v, (i, 0), (2, 8)) ** 2).sum()), (x, np.int32(3))
    )
    yield Case(
        "dynamic_update_grad",
        jax.grad(lambda u, v, i: (lax.dynamic_update_slice(v, u, (i, 0)) ** 2).sum(), (0, 1)),
        (floats(2, 8), x, np.int32(3)),
    )
    yield Case(
        "dynamic_slice_vmap", jax.vmap(lambda v, i: lax.dynamic_slice(v, (i,), (3,))), (x, integers(6, low=0, high=8))
    )
    yield Case(
        "dynamic_update_vmap",
        jax.vmap(lambda v, i: lax.dynamic_update_slice(v, v[:3], (i,))),
        (x, integers(6, low=0, high=8)),
    )
    yield Case("dynamic_index", lambda v, i: lax.dynamic_index_in_dim(v, i, 1), (x, np.int32(3)))
    numbers = lax.GatherDimensionNumbers(offset_dims=(1, 2), collapsed_slice_dims=(), start_index_map=(1, 0))
    for mode in ("clip", "fill", "promise_in_bounds"):
        indices = integers(4, 2, low=0, high=4) if mode[0] == "p" else integers(4, 2, low=-3, high=10)
        yield Case(f"gather_{mode}", lambda v, i, m=mode: lax.gather(v, i, numbers, (2, 3), mode=m), (x, indices))
    batched = lax.GatherDimensionNumbers(
        offset_dims=(1,),
        collapsed_slice_dims=(),
        start_index_map=(1,),
        operand_batching_dims=(0,),
        start_indices_batching_dims=(0,),
    )
    yield Case(
        "gather_batching",
        lambda v, i: lax.gather(v, i, batched, (1, 3), mode="clip"),
        (x, integers(6, 1, low=0, high=8)),
    )
    scatter = lax.ScatterDimensionNumbers(
        update_window_dims=(1,), inserted_window_dims=(0,), scatter_dims_to_operand_dims=(0,)
    )
    for name in ("scatter_add", "scatter_mul", "scatter_min", "scatter_max", "scatter_sub", "scatter"):
        indices = np.array([[4], [1], [9], [0]], "int32") if name == "scatter" else integers(4, 1, low=0, high=8)
        yield Case(name, lambda v, i, u, n=name: getattr(lax, n)(v, i, u, scatter), (x, indices, floats(4, 8)))
        yield Case(
            f"{name}_bfloat16",
            lambda v, i, u, n=name: getattr(lax, n)(v, i, u, scatter),
            (x.astype("bfloat16"), indices, floats(4, 8, dtype="bfloat16")),
        )
    yield Case(
        "scatter_apply",
        lambda v, i: lax.scatter_apply(v, i, jnp.sin, scatter, update_shape=(3, 8)),
        (x, np.array([[4], [1], [3]], "int32")),
    )
    yield Case(
        "scatter_add_grad",
        jax.grad(lambda v, u: (v.at[np.array([1, 3, 1])].add(u) ** 2).sum(), (0, 1)),
        (x, floats(3, 8)),
    )
    yield Case("scatter_vmap", jax.vmap(lambda v, i: v.at[i].add(1.0)), (x, integers(6, 4, low=0, high=8)))
    yield Case("gather_grad", jax.grad(lambda v, i: (v[i] ** 2).sum()), (x, integers(4, low=0, high=6)))
    for name in ("segment_sum", "segment_max", "segment_min", "segment_prod"):
        yield Case(
            name, lambda v, i, n=name: getattr(jax.ops, n)(v, i, num_segments=4), (x, integers(6, low=0, high=4))
        )
    yield Case(
        "segment_sum_int",
        lambda v, i: jax.ops.segment_sum(v, i, num_segments=4),
        (integers(6, 2), integers(6, low=0, high=4)),
    )
    yield Case("pad_interior", lambda v: lax.pad(v, 0.5, ((1, -1, 2), (-2, 3, 0))), (x,))
    yield Case("rev", lambda v: lax.rev(v, (0, 1)), (x,))
    yield Case("slice_strided", lambda v: lax.slice(v, (1, 0), (6, 7), (2, 3)), (x,))
    yield Case("expand_dims", lambda v: lax.expand_dims(v, (0, 2)), (x,))
    yield Case("broadcast_in_dim", lambda v: lax.broadcast_in_dim(v, (3, 6, 2, 8), (1, 3)), (x,))
    yield Case("collapse", lambda v: lax.collapse(v, 0, 2), (floats(2, 3, 4),))
