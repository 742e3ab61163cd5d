"""Values of dynamic size between the loop nests of a kernel."""

from __future__ import annotations

from xdsl.dialects.linalg.ops import GenericOp

from tests.dynamic_kernel_cases import softmax
from tests.dynamic_kernel_forms import ADD, MOVE, empty, fill, generic
from tests.dynamic_kernels import Buffer, Kernel
from zellige.analysis.kept_values import have_places
from zellige.compiler.source import read_module
from zellige.compiler.universe import context

T = "tensor<?x?xf32>"
X, Y = Buffer("x", ("n", "m")), Buffer("y", ("n", "m"))


def generics(kernel: Kernel) -> list[GenericOp]:
    module = read_module(kernel.text, "<kernel>", context())
    return [op for op in module.walk() if isinstance(op, GenericOp)]


def test_exponentials_stand_where_their_quotients_are_going_to_be() -> None:
    assert have_places(generics(softmax(("n",), "m").kernel), rows=1)


def test_four_dynamic_loops_are_too_many_to_share_out() -> None:
    assert have_places(generics(softmax(("n", "k", "l"), 8).kernel), rows=3)
    assert not have_places(generics(softmax(("n", "k", "l", "o"), 8).kernel), rows=4)


def test_a_value_that_is_read_in_another_order_has_no_place() -> None:
    body = (
        empty("e", T, ["n", "m"])
        + generic(
            "p", "pp", ["d0, d1", "d0, d1"], [("x", T), ("e", T)], "%s = math.exp %b0 : f32\nlinalg.yield %s : f32"
        )
        + fill("none", "0.0", "tensor<?xf32>", ["n"])
        + generic("t", "pr", ["d0, d1", "d0"], [("p", T), ("none", "tensor<?xf32>")], ADD)
        + generic("y", "pp", ["d1, d0", "d1", "d0, d1"], [("p", T), ("t", "tensor<?xf32>"), ("e", T)], ADD)
    )
    assert not have_places(generics(Kernel((X,), (Y,), body)), rows=0)


def test_values_that_workgroups_share_out_have_bounds() -> None:
    body = (
        empty("e", T, ["n", "m"])
        + generic("p", "pp", ["d0, d1", "d0, d1"], [("x", T), ("e", T)], MOVE)
        + generic("y", "pp", ["d0, d1", "d0, d1", "d0, d1"], [("p", T), ("p", T), ("e", T)], ADD)
    )
    assert have_places(generics(Kernel((X,), (Y,), body)))
