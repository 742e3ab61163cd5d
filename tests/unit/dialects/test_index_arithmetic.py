"""Index arithmetic folds what is known."""

from __future__ import annotations

import pytest
from xdsl.builder import Builder
from xdsl.dialects import arith
from xdsl.ir import Block
from xdsl.rewriter import InsertPoint

from zellige.dialects import index_arithmetic
from zellige.dialects.index_arithmetic import type_index


@pytest.fixture
def block() -> Block:
    return Block(arg_types=[type_index])


def test_numbers_stay_numbers(block: Block) -> None:
    builder = Builder(InsertPoint.at_end(block))
    assert index_arithmetic.subtract(builder, 7, 4) == 3
    assert index_arithmetic.multiply(builder, 7, 4) == 28
    assert index_arithmetic.minimum(builder, 7, 4) == 4
    assert index_arithmetic.maximum(builder, 7, 4) == 7
    assert index_arithmetic.rounded_down(builder, 7, 4) == 4
    assert index_arithmetic.divided_up(builder, 7, 4) == 2
    assert not list(block.ops)


def test_what_changes_nothing_makes_no_op(block: Block) -> None:
    builder = Builder(InsertPoint.at_end(block))
    (value,) = block.args
    assert index_arithmetic.subtract(builder, value, 0) is value
    assert index_arithmetic.multiply(builder, 1, value) is value
    assert index_arithmetic.multiply(builder, value, 0) == 0
    assert index_arithmetic.rounded_down(builder, value, 1) is value
    assert index_arithmetic.divided_up(builder, value, 1) is value
    assert not list(block.ops)


def test_a_minimum_has_a_bound(block: Block) -> None:
    builder = Builder(InsertPoint.at_end(block))
    (value,) = block.args
    least = index_arithmetic.minimum(builder, value, 16)
    assert index_arithmetic.upper_bound(value) is None
    assert index_arithmetic.upper_bound(least) == 16
    assert index_arithmetic.upper_bound(index_arithmetic.minimum(builder, 8, least)) == 8
    assert index_arithmetic.upper_bound(builder.insert(arith.AddiOp(value, value)).result) is None
