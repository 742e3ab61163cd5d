"""Random graphs of ONNX: compiled they compute what an oracle computes, or are refused by the name of a node.

    python -m tests.fuzz.onnx_graphs --count 500 [--seed 1]

The oracle is onnxruntime where it is installed, else the evaluator of the package onnx. Prints the smallest part of
each graph with which something is wrong.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx

import zellige
from tests.fuzz import forked
from tests.fuzz.command import Inputs, Seen, run
from tests.fuzz.onnx_growing import TYPES, Growing
from tests.fuzz.onnx_nodes.tables import grow
from tests.fuzz.onnx_oracle import Array, by_reference, declared, evaluate, model_of, read_names

SECONDS = 120.0
"""For one graph, with the search for the smallest part."""

OPSETS = (7, 8, 9, 10, 11, 12, 13, 13, 14, 15, 16, 17, 17, 18, 18, 19, 20, 21, 21, 22, 23, 24, 25, 26)

TOLERANCE = {"float16": 2e-2, "float32": 1e-3, "float64": 1e-6}
"""Of a number, and of the largest of its tensor."""


@dataclass(frozen=True)
class Case:
    """A model with its inputs and what comes out of it; `sizes` are of the dimensions that are left open, by name."""

    nodes: tuple[onnx.NodeProto, ...]
    inputs: dict[str, Array]
    constants: dict[str, Array]
    outputs: Mapping[str, Array]
    opsets: Mapping[str, int]
    open_shapes: Mapping[str, tuple[int | str, ...]]

    def model(self) -> onnx.ModelProto:
        inputs = {name: declared(name, array, self.open_shapes.get(name)) for name, array in self.inputs.items()}
        model = model_of(self.nodes, inputs, list(self.outputs), self.constants, self.opsets)
        for value, array in zip(model.graph.output, self.outputs.values(), strict=True):
            is_open = bool(self.open_shapes)
            value.CopyFrom(declared(value.name, array, [""] * array.ndim if is_open else None))
        return model

    def values(self, move: Callable[[Array], Array] = lambda array: array) -> dict[str, Array]:
        """All values, by the oracle, each moved before it is read."""
        found = {name: move(array) for name, array in (self.inputs | self.constants).items()}
        for node in self.nodes:
            results = evaluate(node, found, self.opsets)
            if results is None:
                raise NoOracleError
            found.update(zip(node.output, map(move, results), strict=True))
        return found


class NoOracleError(Exception):
    """The oracle does not take what it took with other numbers."""


def fuzz(inputs: Inputs) -> Seen:
    seen = Seen()
    warm_up()
    for index, choice in inputs:
        said = forked.run(lambda say, choice=choice: _one(choice, say), SECONDS)
        last = said[-1] if said else "nothing"
        kind, _, reason = last.partition(": ")
        stage = said[-2] if len(said) > 1 else ""
        if kind in {forked.CRASH, forked.TIMEOUT} and stage == "grows":
            seen.outcomes["the oracle does not end"] += 1
        elif kind in {"agrees", "refused", "sensitive", "disputed"}:
            seen.outcomes[last if kind == "refused" else kind] += 1
        else:
            seen.outcomes[kind] += 1
            seen.fail(index, f"{stage}: {kind}: {reason}".replace("\\n", "\n"))
    return seen


def warm_up() -> None:
    """Let the processes find the compiler loaded."""
    node = onnx.helper.make_node("Neg", ["x"], ["y"])
    array = np.zeros(2, np.float32)
    compiled(Case((node,), {"x": array}, {}, {"y": array}, {"": 17}, {}).model())


def compiled(model: onnx.ModelProto) -> zellige.Artifact:
    return zellige.compile(model.SerializeToString())


def _one(choice: random.Random, say: Callable[[str], None]) -> None:
    """Grow a graph and look at it."""
    say("grows")
    case = random_case(choice)
    say("runs")
    verdict = judge(case, choice)
    if verdict.startswith("wrong"):
        say("shrinks")
        smaller, verdict = smallest(case, choice, verdict)
        say(f"{verdict}\n{text_of(smaller)}" if verdict.startswith("wrong") else verdict)
    else:
        say(verdict)


def random_case(choice: random.Random) -> Case:
    """A random graph, with random dimensions open."""
    main = choice.choice(("float32",) * 5 + ("float64", "float16", "int32", "int64", "int8", "uint8", "int16", "bool"))
    types = list(dict.fromkeys((main, main, choice.choice(TYPES), choice.choice(("float32", "int64", "bool")))))
    graph = Growing(choice, np.random.default_rng(choice.getrandbits(32)), choice.choice(OPSETS), types)
    wanted = choice.randint(3, 15)
    for _ in range(4 * wanted):
        if sum(node.op_type != "Constant" for node in graph.nodes) >= wanted:
            break
        grow(graph)
    read = {name for node in graph.nodes for name in read_names(node)}
    made = [name for node in graph.nodes for name in node.output if node.op_type != "Constant"]
    outputs = [name for name in made if name not in read or choice.random() < 0.15] or list(graph.inputs)[:1]
    case = Case(
        tuple(graph.nodes),
        graph.inputs,
        graph.constants,
        {name: graph.values[name] for name in outputs},
        graph.opsets,
        {},
    )
    case = _without_unused(case)
    return _opened(case, choice) if choice.random() < 0.4 else case


def _without_unused(case: Case) -> Case:
    """The case without what no output needs."""
    needed = set(case.outputs)
    nodes: list[onnx.NodeProto] = []
    for node in reversed(case.nodes):
        if needed.intersection(node.output):
            nodes.append(node)
            needed.update(read_names(node))
    return Case(
        tuple(reversed(nodes)),
        {name: array for name, array in case.inputs.items() if name in needed},
        {name: array for name, array in case.constants.items() if name in needed},
        case.outputs,
        case.opsets,
        {name: shape for name, shape in case.open_shapes.items() if name in needed},
    )


def _opened(case: Case, choice: random.Random) -> Case:
    """Some dimensions of inputs have names: equal sizes one, or each its own. Those of 0 and 1 stay."""
    is_shared, some = choice.random() < 0.7, choice.choice((0.4, 1.0))
    shapes: dict[str, tuple[int | str, ...]] = {}
    for name, array in case.inputs.items():
        shapes[name] = tuple(
            (f"s{size}" if is_shared else f"{name}_{i}") if size > 1 and choice.random() < some else size
            for i, size in enumerate(array.shape)
        )
    return Case(case.nodes, case.inputs, case.constants, case.outputs, case.opsets, shapes)


def judge(case: Case, choice: random.Random) -> str:
    """`agrees`, `refused: …`, `sensitive` or `wrong: …`."""
    model = case.model()
    try:
        artifact = compiled(model)
    except zellige.CompileError as error:
        text = "\n".join([str(error), *(note.message for note in error.notes)])
        return _refusal(text, case)
    except Exception as error:  # what else there may be is what is looked for
        return f"wrong: {type(error).__name__}: {error}\n{_cause(error)}"
    program = zellige.load(artifact, threads=1)
    verdict = _compared(program, case)
    if verdict is None and case.open_shapes and (other := _resized(case, choice)) is not None:
        verdict = _compared(program, other)
        case = other if verdict is not None else case
    if verdict is None:
        return "agrees"
    return "sensitive" if _is_sensitive(case) else f"wrong: {verdict}"


def _cause(error: BaseException) -> str:
    cause = error.__cause__
    return f"{type(cause).__name__}: {cause}" if cause is not None else ""


_NAMED = re.compile(
    r"node '|node of '|node name: |Name: |input '|output '|tensor '|dimension '|Node ?\(|value '|in 'n\d+' of"
)


def _refusal(text: str, case: Case) -> str:
    if _NAMED.search(text) is None or "'stablehlo." in text:
        return f"wrong: the refusal names no node: {text}"
    kinds = sorted({node.op_type for node in case.nodes if node.op_type in text})
    reason = re.sub(r"'[^']*'|\d+", "…", text.splitlines()[0])
    return f"refused: {', '.join(kinds[:2])}: {reason[:110]}"


def _compared(program: Any, case: Case) -> str | None:
    """What is wrong with the results."""
    try:
        results: Any = program["main"](*case.inputs.values())
    except zellige.RuntimeTrap as error:
        return f"{type(error).__name__}: {error}"
    many: Sequence[Any] = results if len(case.outputs) > 1 else [results]
    for (name, expected), result in zip(case.outputs.items(), many, strict=True):
        if (reason := difference(np.asarray(result), expected)) is not None:
            return f"{name}: {reason}"
    return None


def difference(result: Array, expected: Array) -> str | None:
    """How a result differs from what is expected."""
    if result.dtype != expected.dtype or result.shape != expected.shape:
        return f"is {result.dtype}{list(result.shape)}, expected {expected.dtype}{list(expected.shape)}"
    if expected.dtype.kind != "f":
        close = result == expected
    else:
        tolerance = TOLERANCE[expected.dtype.name]
        finite = np.abs(expected[np.isfinite(expected)].astype(np.float64))
        slack = tolerance / 10 * finite.max(initial=1e-3)
        with np.errstate(all="ignore"):
            wide = expected.astype(np.float64)
            close = np.isclose(result.astype(np.float64), wide, rtol=tolerance, atol=slack, equal_nan=True)
    if close.all():
        return None
    place = tuple(int(i) for i in np.argwhere(~close)[0])
    return (
        f"{(~close).sum()} of {close.size} numbers differ, at {place} {result[place]!r}, expected {expected[place]!r}"
    )


def _resized(case: Case, choice: random.Random) -> Case | None:
    """The case with other sizes and numbers, if the oracle takes it so; sizes of 0 and 1 would broadcast."""
    names = sorted({size for shape in case.open_shapes.values() for size in shape if isinstance(size, str)})
    sizes = {name: choice.randint(2, 9) for name in names}
    inputs = {
        name: _of_shape(array, [sizes[size] if isinstance(size, str) else size for size in case.open_shapes[name]])
        for name, array in case.inputs.items()
    }
    resized = Case(case.nodes, inputs, case.constants, case.outputs, case.opsets, case.open_shapes)
    try:
        values = resized.values()
    except NoOracleError:
        return None
    outputs = {name: values[name] for name in case.outputs}
    return Case(case.nodes, inputs, case.constants, outputs, case.opsets, case.open_shapes)


def _of_shape(array: Array, shape: Sequence[int]) -> Array:
    """The same numbers, again and again."""
    return np.resize(array, tuple(shape))


def _is_sensitive(case: Case) -> bool:
    """Whether the oracle's own results move when floats move by a rounding error, or two oracles disagree."""
    moves = np.random.default_rng(0)

    def moved(array: Array) -> Array:
        if array.dtype.kind != "f":
            return array
        step = 2.0**-10 if array.dtype == np.float16 else 2.0**-21
        return (array * (1 + step * moves.uniform(-1, 1, array.shape))).astype(array.dtype)

    for _ in range(3):
        try:
            values = case.values(moved)
        except NoOracleError:
            return True
        if any(difference(values[name], array) is not None for name, array in case.outputs.items()):
            return True
    return False


def smallest(case: Case, choice: random.Random, verdict: str) -> tuple[Case, str]:
    """A part of the case that fails: one node if there is one that does, else what one value needs.

    The case is `disputed` when a node computes what the evaluator of onnx computes, and the oracle something else.
    """
    values = case.values()
    for node in case.nodes:
        if node.op_type == "Constant":
            continue
        outputs = {name: values[name] for name in node.output if name}
        read = read_names(node)
        constants = {name: values[name] for name in read if name not in case.inputs and _is_constant(name, case)}
        inputs = {name: values[name] for name in read if name not in constants}
        alone = Case((node,), inputs, constants, outputs, case.opsets, {})
        if (found := judge(alone, choice)).startswith("wrong"):
            second = by_reference(node, values, case.opsets)
            if second is None or _as_case(alone, second, choice) != "agrees":
                return alone, found
            verdict = "disputed"
    if verdict == "disputed":
        return case, verdict
    for node in case.nodes:
        part = _without_unused(
            Case(
                case.nodes,
                case.inputs,
                case.constants,
                {n: values[n] for n in node.output if n},
                case.opsets,
                case.open_shapes,
            )
        )
        if (found := judge(part, choice)).startswith("wrong"):
            return part, found
    return case, verdict


def _as_case(case: Case, results: Sequence[Array], choice: random.Random) -> str:
    """The verdict on a case with other results."""
    outputs = dict(zip(case.outputs, results, strict=True))
    return judge(Case(case.nodes, case.inputs, case.constants, outputs, case.opsets, case.open_shapes), choice)


def _is_constant(name: str, case: Case) -> bool:
    return name in case.constants or any(name in node.output for node in case.nodes if node.op_type == "Constant")


def text_of(case: Case) -> str:
    """The model and its inputs."""
    inputs = "\n".join(f"{name} = {array.tolist()}" for name, array in case.inputs.items() if array.size <= 64)
    outputs = "\n".join(f"{name} -> {array.tolist()}" for name, array in case.outputs.items() if array.size <= 64)
    return f"{onnx.printer.to_text(case.model())}\n{inputs}\n{outputs}"


if __name__ == "__main__":
    sys.exit(run(fuzz, __doc__, count=500))
