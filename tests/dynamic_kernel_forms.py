"""Text of structured ops on tensors with dynamic sizes, and what a test of a kernel consists of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.dynamic_kernels import Array, Kernel

_KINDS = {"p": '"parallel"', "r": '"reduction"'}


def generic(
    result: str, kinds: str, maps: Sequence[str], operands: Sequence[tuple[str, str]], body: str, inputs: int = -1
) -> str:
    """A `linalg.generic` with loops `d0`, …; the operands from `inputs` on are its outputs, by default the last one."""
    loops = ", ".join(f"d{number}" for number in range(len(kinds)))
    indexing = ", ".join(f"affine_map<({loops}) -> ({text})>" for text in maps)
    iterators = ", ".join(_KINDS[kind] for kind in kinds)
    ins, outs = operands[:inputs], operands[inputs:]
    arguments = ", ".join(
        f"%b{number}: {type_.split('x')[-1].rstrip('>')}" for number, (_, type_) in enumerate(operands)
    )
    read = f"ins({', '.join(f'%{n}' for n, _ in ins)} : {', '.join(t for _, t in ins)})" if ins else ""
    started = f"outs({', '.join(f'%{n}' for n, _ in outs)} : {', '.join(t for _, t in outs)})"
    return (
        f"%{result} = linalg.generic {{indexing_maps = [{indexing}], iterator_types = [{iterators}]}}\n"
        f"{read} {started} {{\n"
        f"^bb0({arguments}):\n{body}\n}} -> {outs[0][1]}\n"
    )


def fill(result: str, value: str, type_: str, sizes: Sequence[str]) -> str:
    """A tensor with one number everywhere."""
    rank = type_.count("x")
    element = type_.rsplit("x", maxsplit=1)[-1].rstrip(">")
    loops = ", ".join(f"d{number}" for number in range(rank))
    number = f"%{result}_number = arith.constant {value} : {element}\n"
    empty = f"%{result}_empty = tensor.empty({', '.join(f'%{size}' for size in sizes)}) : {type_}\n"
    body = f"linalg.yield %{result}_number : {element}"
    return number + empty + generic(result, "p" * rank, [loops], [(f"{result}_empty", type_)], body)


def empty(result: str, type_: str, sizes: Sequence[str]) -> str:
    """A tensor without contents."""
    return f"%{result} = tensor.empty({', '.join(f'%{size}' for size in sizes)}) : {type_}\n"


ADD = "%s = arith.addf %b0, %b1 : f32\nlinalg.yield %s : f32"
MULTIPLY_ADD = "%t = arith.mulf %b0, %b1 : f32\n%s = arith.addf %b2, %t : f32\nlinalg.yield %s : f32"
LARGEST = "%s = arith.maximumf %b0, %b1 : f32\nlinalg.yield %s : f32"
MOVE = "linalg.yield %b0 : f32"
LESS = "^bb0(%a: f32, %b: f32):\n%less = arith.cmpf olt, %a, %b : f32\nlinalg_ext.yield %less : i1"


@dataclass(frozen=True)
class Case:
    """A kernel, what numpy computes in its place, and how far its numbers may be off."""

    kernel: Kernel
    compute: Callable[[Sequence[Array]], Array]
    tolerance: float = 0.0
    most: int = 40
