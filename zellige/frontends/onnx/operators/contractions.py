"""Operators that are sums of products: MatMul, Gemm, Einsum."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import i64
from xdsl.ir import Attribute

from zellige.frontends.onnx.nodes import Node, Operator, OperatorTable
from zellige.maths.sizes import Extent, are_different
from zellige.passes.input.broadcasting import broadcast_shapes, common_size
from zellige.passes.input.stablehlo_builder import GraphBuilder
from zellige.passes.input.tensors import Tensor


def product(build: GraphBuilder, left: Tensor, right: Tensor, element: Attribute | None = None) -> Tensor:
    """Numpy's matmul; the sums have the element type `element`, or that of the operands."""
    rows = left if left.rank > 1 else build.expand_dims(left, [0])
    columns = right if right.rank > 1 else build.expand_dims(right, [1])
    made = _matrices(build, rows, columns, element or left.element)
    shape = list(made.shape)
    if right.rank == 1:
        del shape[-1]
    if left.rank == 1:
        del shape[-1 if right.rank == 1 else -2]
    return build.reshape(made, shape)


def _matrices(build: GraphBuilder, left: Tensor, right: Tensor, element: Attribute) -> Tensor:
    """Operands of at least two dimensions. A matrix on the right is one for all on the left: no batch."""
    if left.rank == 2 or right.rank == 2:
        made = build.dot_general(left, right, ([], []), ([left.rank - 1], [right.rank - 2]), element)
        return made if left.rank > 2 or right.rank == 2 else build.move_axis(made, 0, made.rank - 2)
    batch = broadcast_shapes(left.shape[:-2], right.shape[:-2])
    left = build.broadcast(left, [*batch, *left.shape[-2:]])
    right = build.broadcast(right, [*batch, *right.shape[-2:]])
    batch_axes = list(range(len(batch)))
    contracting = ([left.rank - 1], [right.rank - 2])
    return build.dot_general(left, right, (batch_axes, batch_axes), contracting, element)


def _matmul(node: Node) -> Tensor:
    left, right = node.operand(0), node.operand(1)
    inner = left.shape[-1], right.shape[-2 if right.rank > 1 else -1]
    if are_different(*inner):
        raise node.wrong(f"{left.type} has {inner[0]} columns, {right.type} has {inner[1]} rows")
    return product(node.build, left, right)


def gemm(node: Node) -> Tensor:
    """Alpha * A' * B' + beta * C, where A' and B' may be transposed."""
    build, left, right, addend = node.build, node.operand(0), node.operand(1), node.optional(2)
    contracting = ([0 if node.flag("transA") else 1], [1 if node.flag("transB") else 0])
    made = build.dot_general(left, right, ([], []), contracting, left.element)
    alpha, beta = node.number("alpha"), node.number("beta")
    if alpha != 1:
        made = build.map_with("multiply", made, alpha)
    if addend is None or beta == 0:
        return made
    return build.map("add", made, addend if beta == 1 else build.map_with("multiply", addend, beta))


def _einsum(node: Node) -> Tensor:
    """One operand after the other; a letter is summed over when no later operand and no result has it."""
    build, operands = node.build, node.operands
    words, wanted = _words(node, node.text("equation"), [operand.rank for operand in operands])
    reduced = [_diagonal(node, operand, word) for operand, word in zip(operands, words, strict=True)]
    left, left_word = reduced[0]
    for index, (right, right_word) in enumerate(reduced[1:], 1):
        needed = set(wanted).union(*(word for _, word in reduced[index + 1 :]))
        left, left_word = _contract(build, left, left_word, right, right_word, needed)
    gone = [axis for axis, letter in enumerate(left_word) if letter not in wanted]
    left = build.reduce("add", left, 0, gone)
    kept = [letter for letter in left_word if letter in wanted]
    return build.transpose(left, [kept.index(letter) for letter in wanted])


def _words(node: Node, equation: str, ranks: Sequence[int]) -> tuple[list[list[str]], list[str]]:
    """The letters of each operand and of the result; the dimensions of an ellipsis are numbers."""
    inputs, arrow, output = equation.replace(" ", "").partition("->")
    texts = inputs.split(",")
    if len(texts) != len(ranks):
        raise node.wrong(f"equation '{equation}' has {len(texts)} terms, there are {len(ranks)} operands")
    widths = [rank - len(text.replace("...", "")) for text, rank in zip(texts, ranks, strict=True)]
    widest = max((width for text, width in zip(texts, widths, strict=True) if "..." in text), default=0)
    if any(width < 0 or (width > 0 and "..." not in text) for text, width in zip(texts, widths, strict=True)):
        raise node.wrong(f"equation '{equation}' does not have as many letters as the operands have dimensions")
    words = [_spelled(text, width, widest) for text, width in zip(texts, widths, strict=True)]
    if arrow:
        return words, _spelled(output, widest, widest)
    letters = [letter for word in words for letter in word]
    once = sorted({letter for letter in letters if letters.count(letter) == 1 and letter.isalpha()})
    return words, [*(str(index) for index in range(widest)), *once]


def _spelled(text: str, width: int, widest: int) -> list[str]:
    before, _, after = text.partition("...")
    dots = [str(index) for index in range(widest - width, widest)] if "..." in text else []
    return [*before, *dots, *after]


def _diagonal(node: Node, operand: Tensor, word: list[str]) -> tuple[Tensor, list[str]]:
    """Keep only the elements at which dimensions of the same letter have the same index."""
    build = node.build
    while len(set(word)) < len(word):
        second = next(axis for axis, letter in enumerate(word) if letter in word[:axis])
        first = word.index(word[second])
        index_type = build.iota(i64, operand.shape, first), build.iota(i64, operand.shape, second)
        is_diagonal = build.compare("EQ", *index_type)
        operand = build.reduce("add", build.select(is_diagonal, operand, build.scalar(0, operand.element)), 0, [second])
        word = word[:second] + word[second + 1 :]
    return operand, word


def _contract(
    build: GraphBuilder, left: Tensor, left_word: list[str], right: Tensor, right_word: list[str], needed: set[str]
) -> tuple[Tensor, list[str]]:
    left, left_word = _only(build, left, left_word, needed | set(right_word))
    right, right_word = _only(build, right, right_word, needed | set(left_word))
    left, right = _same_sizes(build, left, left_word, right, right_word)
    shared = [letter for letter in left_word if letter in right_word]
    batch = [letter for letter in shared if letter in needed]
    summed = [letter for letter in shared if letter not in needed]

    def axes(word: list[str], letters: list[str]) -> list[int]:
        return [word.index(letter) for letter in letters]

    made = build.dot_general(
        left,
        right,
        (axes(left_word, batch), axes(right_word, batch)),
        (axes(left_word, summed), axes(right_word, summed)),
        left.element,
    )
    free = [letter for word in (left_word, right_word) for letter in word if letter not in shared]
    return made, [*batch, *free]


def _only(build: GraphBuilder, operand: Tensor, word: list[str], letters: set[str]) -> tuple[Tensor, list[str]]:
    """Sum over the dimensions of all other letters."""
    gone = [axis for axis, letter in enumerate(word) if letter not in letters]
    return build.reduce("add", operand, 0, gone), [letter for letter in word if letter in letters]


def _same_sizes(
    build: GraphBuilder, left: Tensor, left_word: list[str], right: Tensor, right_word: list[str]
) -> tuple[Tensor, Tensor]:
    """Spread dimensions of size 1 that are larger in the other operand."""
    sizes: dict[str, Extent] = {}
    for operand, word in ((left, left_word), (right, right_word)):
        for letter, size in zip(word, operand.shape, strict=True):
            sizes[letter] = common_size([sizes.get(letter, 1), size])
    return (
        build.broadcast(left, [sizes[letter] for letter in left_word]),
        build.broadcast(right, [sizes[letter] for letter in right_word]),
    )


CONTRACTIONS: OperatorTable = {
    ("", op): operator for op, operator in dict[str, Operator](Einsum=_einsum, Gemm=gemm, MatMul=_matmul).items()
}
