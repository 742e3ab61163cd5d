"""Selections among floats as instructions that say which operand they take.

With relaxed SIMD, LLVM takes a selection by a comparison of the same two vectors for `relaxed_max` or `relaxed_min`, of
which the engine decides what they make of NaN and of zeros. `pmin(a, b)` is `b < a ? b : a`, `pmax(a, b)` is
`a < b ? b : a`; where neither fits, the bits are selected.

Before:  %c = fcmp ogt <4 x float> %x, zeroinitializer
         %r = select <4 x i1> %c, <4 x float> %x, <4 x float> zeroinitializer
         %s = select <4 x i1> %other, <4 x float> %x, <4 x float> %y
After:   %r = call <4 x float> @llvm.wasm.pmax.v4f32(<4 x float> zeroinitializer, <4 x float> %x)
         %s = … @llvm.wasm.bitselect.v4i32(…) of `%x` and `%y` as integers and of `%other` as a mask

Half a vector, `<2 x float>`, becomes a whole one for the instruction.

Works on the text of optimised LLVM IR, where an operation is one line of a fixed form. Nothing that is optimised later
sees through these instructions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_NAME = r'%(?:[-\w.$]+|"[^"]+")'
_OPERAND = rf"{_NAME}|<[^>]*>|splat \([^)]*\)|\w+"
_TYPE = r"(?P<type><[24] x float>|<2 x double>)"
_COMPARISON = re.compile(
    rf"  (?P<result>{_NAME}) = fcmp (?P<predicate>\w+) {_TYPE} (?P<left>{_OPERAND}), (?P<right>{_OPERAND})"
)
_SELECTION = re.compile(
    rf"  (?P<result>{_NAME}) = select <(?P<lanes>\d) x i1> (?P<condition>{_OPERAND}), {_TYPE} (?P<left>{_OPERAND}),"
    rf" (?P=type) (?P<right>{_OPERAND})"
)

_INTEGERS = {"<2 x float>": "<2 x i32>", "<4 x float>": "<4 x i32>", "<2 x double>": "<2 x i64>"}
"""Vector -> the one of integers with the same bits."""

_WHOLE = {"<2 x float>": "<4 x float>", "<2 x i32>": "<4 x i32>"}
"""Half a vector -> a whole one."""

_SUFFIXES = {"<4 x float>": "v4f32", "<2 x double>": "v2f64", "<4 x i32>": "v4i32", "<2 x i64>": "v2i64"}

_LESS = {"olt": False, "ogt": True, "uge": False, "ule": True}
"""Comparisons that are `a < b` or its contrary, and whether their operands stand the other way round."""

_CONTRARY = ("uge", "ule")


@dataclass(frozen=True)
class _Comparison:
    predicate: str
    left: str
    right: str


@dataclass
class _Lines:
    """The module as it is rewritten."""

    lines: list[str] = field(default_factory=list[str])
    declarations: dict[str, None] = field(default_factory=dict[str, None])
    fresh: int = 0

    def let(self, text: str) -> str:
        """A line that computes a new value; gives its name."""
        self.fresh += 1
        name = f"%zellige.selection.{self.fresh}"
        self.lines.append(f"  {name} = {text}")
        return name

    def call(self, instruction: str, vector: str, *operands: str) -> str:
        """The text of a call on vectors of one type, half ones of which become whole."""
        whole = _WHOLE.get(vector, vector)
        if whole != vector:
            lanes = "<4 x i32> <i32 0, i32 1, i32 poison, i32 poison>"
            operands = tuple(self.let(f"shufflevector {vector} {o}, {vector} poison, {lanes}") for o in operands)
        function = f"@llvm.wasm.{instruction}.{_SUFFIXES[whole]}"
        self.declarations[f"declare {whole} {function}({', '.join(whole for _ in operands)})"] = None
        call = f"call {whole} {function}({', '.join(f'{whole} {operand}' for operand in operands)})"
        if whole == vector:
            return call
        return f"shufflevector {whole} {self.let(call)}, {whole} poison, <2 x i32> <i32 0, i32 1>"


def exact_selections(text: str) -> str:
    """Rewrite the selections among vectors of floats in a module."""
    out = _Lines()
    comparisons: dict[str, _Comparison] = {}
    for line in text.splitlines():
        if line.startswith("define "):
            comparisons = {}
        elif (compared := _COMPARISON.fullmatch(line)) is not None:
            comparisons[compared["result"]] = _Comparison(compared["predicate"], compared["left"], compared["right"])
        elif (selected := _SELECTION.fullmatch(line)) is not None:
            out.lines.append(f"  {selected['result']} = {_selected(selected, comparisons, out)}")
            continue
        out.lines.append(line)
    return "\n".join([*out.lines, *out.declarations, ""])


def _selected(selected: re.Match[str], comparisons: dict[str, _Comparison], out: _Lines) -> str:
    vector, left, right = selected["type"], selected["left"], selected["right"]
    compared = comparisons.get(selected["condition"])
    extreme = _extreme(compared, left, right) if compared is not None else None
    if extreme is not None:
        return out.call(extreme[0], vector, *extreme[1:])
    integers = _INTEGERS[vector]
    bits = [out.let(f"bitcast {vector} {operand} to {integers}") for operand in (left, right)]
    mask = out.let(f"sext <{selected['lanes']} x i1> {selected['condition']} to {integers}")
    return f"bitcast {integers} {out.let(out.call('bitselect', integers, *bits, mask))} to {vector}"


def _extreme(compared: _Comparison, chosen: str, other: str) -> tuple[str, str, str] | None:
    """`pmin` or `pmax` and its operands, where that is what is selected: `a < b ? chosen : other`."""
    if compared.predicate not in _LESS:
        return None
    a, b = compared.left, compared.right
    if _LESS[compared.predicate]:
        a, b = b, a
    if compared.predicate in _CONTRARY:
        chosen, other = other, chosen
    if (chosen, other) == (a, b):
        return "pmin", b, a
    return ("pmax", a, b) if (chosen, other) == (b, a) else None
