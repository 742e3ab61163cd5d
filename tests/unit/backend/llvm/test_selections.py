"""Selections among floats take what the comparison says, also of NaN and zeros, and never by a relaxed instruction."""

from __future__ import annotations

import operator
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tests.wasm_objects import Running, describe
from zellige.backend.llvm.objects import ObjectOptions, emit_object
from zellige.backend.wasm.instructions import instructions
from zellige.backend.wasm.link import LinkOptions, link
from zellige.backend.wasm.reader import read
from zellige.compiler.options import CompileOptions

Array = npt.NDArray[Any]

FEATURES = CompileOptions().features
X, Y, RESULT = (40 * 65536 - offset for offset in (4096, 3072, 2048))
NUMBERS = (np.nan, -np.inf, -1.5, -0.0, 0.0, 1.5, 6.0, np.inf)

ORDERED: dict[str, Callable[[Array, Array], Array]] = {
    "olt": operator.lt,
    "ole": operator.le,
    "ogt": operator.gt,
    "oge": operator.ge,
}
CONTRARY = {"uge": "olt", "ugt": "ole", "ule": "ogt", "ult": "oge"}
"""A comparison that is true where one operand is NaN, and the one that is false where it is true."""

VECTORS = {
    "<4 x float>": np.dtype(np.float32),
    "<2 x float>": np.dtype(np.float32),
    "<2 x double>": np.dtype(np.float64),
}


def selected(body: str, vector: str, x: Array, y: Array) -> Array:
    """What is left in `%r` for each pair of vectors of `x` and `y`."""
    text = f"""
    define void @main(ptr addrspace(2) %from, ptr addrspace(2) %other, ptr addrspace(2) %to, i32 %end) {{
    entry:
      br label %loop
    loop:
      %i = phi i32 [ 0, %entry ], [ %next, %loop ]
      %p = getelementptr i8, ptr addrspace(2) %from, i32 %i
      %q = getelementptr i8, ptr addrspace(2) %other, i32 %i
      %o = getelementptr i8, ptr addrspace(2) %to, i32 %i
      %x = load {vector}, ptr addrspace(2) %p, align 8
      %y = load {vector}, ptr addrspace(2) %q, align 8
      {body}
      store {vector} %r, ptr addrspace(2) %o, align 8
      %next = add i32 %i, {int(vector[1]) * x.itemsize}
      %more = icmp ult i32 %next, %end
      br i1 %more, label %loop, label %done
    done:
      ret void
    }}
    """
    options = ObjectOptions(FEATURES, several_memories=True)
    module = link([("main", emit_object(text, options))], [], LinkOptions("full", ("main",), FEATURES), describe)
    for code in read(module).bodies:
        assert not [i.name for i in instructions(code.body) if "relaxed" in i.name]
    running = Running(module)
    running.write(X, x.tobytes())
    running.write(Y, y.tobytes())
    running.call("main", X, Y, RESULT, x.nbytes)
    return np.frombuffer(running.read(RESULT, x.nbytes), x.dtype)


def pairs(dtype: np.dtype[Any]) -> tuple[Array, Array]:
    x, y = np.array(list(product(NUMBERS, NUMBERS)), dtype).T
    return np.ascontiguousarray(x), np.ascontiguousarray(y)


def same_bits(result: Array, expected: Array) -> bool:
    return result.tobytes() == expected.tobytes()


@pytest.mark.parametrize("vector", VECTORS)
@pytest.mark.parametrize("predicate", [*ORDERED, *CONTRARY])
def test_of_two_values_by_their_comparison(predicate: str, vector: str) -> None:
    x, y = pairs(VECTORS[vector])
    truth = ORDERED[predicate](x, y) if predicate in ORDERED else ~ORDERED[CONTRARY[predicate]](x, y)
    compared = f"%c = fcmp {predicate} {vector} %x, %y"
    lanes = vector[1]
    for first, second, expected in (("x", "y", np.where(truth, x, y)), ("y", "x", np.where(truth, y, x))):
        body = f"{compared}\n%r = select <{lanes} x i1> %c, {vector} %{first}, {vector} %{second}"
        assert same_bits(selected(body, vector, x, y), expected)


@pytest.mark.parametrize("vector", VECTORS)
def test_of_a_value_and_a_constant(vector: str) -> None:
    """A value is kept between 0 and 6; what is no number becomes 0."""
    x, y = pairs(VECTORS[vector])
    lanes, element = vector[1], vector[5:-1]
    six = f"splat ({element} 6.0)"
    body = f"""
      %c = fcmp ogt {vector} %x, zeroinitializer
      %a = select <{lanes} x i1> %c, {vector} %x, {vector} zeroinitializer
      %d = fcmp olt {vector} {six}, %a
      %r = select <{lanes} x i1> %d, {vector} {six}, {vector} %a
    """
    raised = np.where(x > 0, x, 0)
    assert same_bits(selected(body, vector, x, y), np.where(raised > 6, 6, raised).astype(x.dtype))


@pytest.mark.parametrize("vector", VECTORS)
def test_by_another_condition(vector: str) -> None:
    x, y = pairs(VECTORS[vector])
    lanes = vector[1]
    body = f"""
      %c = fcmp uno {vector} %x, %y
      %s = fadd {vector} %x, %y
      %r = select <{lanes} x i1> %c, {vector} %y, {vector} %x
    """
    assert same_bits(selected(body, vector, x, y), np.where(np.isnan(x) | np.isnan(y), y, x))
