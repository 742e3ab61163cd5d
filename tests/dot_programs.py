"""Random contractions of narrow integers, with extreme numbers, and what numpy makes of them modulo 2**32."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

Array = npt.NDArray[Any]

_EXTENTS = {"m": (3, 20), "n": (3, 50), "k": (1, 23), "y": (1, 4), "x": (1, 9), "p": (1, 3), "q": (1, 3)}
_LAYOUTS = (
    ("mk", "kn", "mn"),
    ("mk", "nk", "mn"),
    ("km", "kn", "mn"),
    ("kn", "mk", "mn"),
    ("mk", "kn", "nm"),
    ("yxk", "nk", "yxn"),
    ("YXk", "pqkn", "yxn"),
    ("kYX", "nkpq", "nyx"),
)
"""Dimensions of the factors and of the result. `Y` is the window y + p, `X` is x + q."""

_WINDOWS = {"Y": ("y", "p"), "X": ("x", "q")}


@dataclass(frozen=True)
class Side:
    """One factor: its dimensions, how elements become i32, and what is subtracted (`const`, `scalar`, `row` or '')."""

    dims: str
    bits: int
    is_signed: bool
    zero_point: str

    @property
    def dtype(self) -> np.dtype[Any]:
        return np.dtype(f"{'i' if self.is_signed else 'u'}{self.bits // 8}")


@dataclass(frozen=True)
class DotProgram:
    """A program, its arguments (signless integers are signed numbers to numpy), and its result."""

    text: str
    arguments: tuple[Array, ...]
    expected: Array


def _numbers(draw: st.DrawFn, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    bounds = np.iinfo(dtype)
    random = np.random.default_rng(draw(st.integers(0, 1 << 30)))
    match draw(st.sampled_from(["any", "any", "ends", "least", "most"])):
        case "any":
            return random.integers(bounds.min, bounds.max, shape, dtype, endpoint=True)
        case "ends":
            return random.choice(np.array([bounds.min, bounds.max], dtype), shape)
        case "least":
            return np.full(shape, bounds.min, dtype)
        case _:
            return np.full(shape, bounds.max, dtype)


def _windows(values: Array, dims: str, extents: dict[str, int]) -> tuple[Array, str]:
    """The factor with each window as two dimensions."""
    letters = ""
    for dim in dims:
        if dim in _WINDOWS:
            inner = _WINDOWS[dim][1]
            axis = len(letters)
            values = np.moveaxis(np.lib.stride_tricks.sliding_window_view(values, extents[inner], axis), -1, axis + 1)
        letters += "".join(_WINDOWS.get(dim, dim))
    return values, letters


@st.composite
def dot_programs(draw: st.DrawFn) -> DotProgram:
    """A generic that adds products of two narrow factors to an output of any numbers."""
    *layouts, result = draw(st.sampled_from(_LAYOUTS))
    sides = [
        Side(
            dims,
            draw(st.sampled_from([8, 8, 8, 16])),
            draw(st.booleans()),
            draw(st.sampled_from(["", "", "", "", "const", "scalar", "row"])),
        )
        for dims in layouts
    ]
    loops = result + ("pqk" if "Y" in layouts[0] else "k")
    extents = {loop: draw(st.integers(*_EXTENTS[loop])) for loop in loops}
    sizes = extents | {window: extents[a] + extents[b] - 1 for window, (a, b) in _WINDOWS.items() if b in extents}
    maps: list[str] = []
    types: list[str] = []
    arguments: list[Array] = []
    values: list[Array] = []
    block: list[str] = []
    body: list[str] = []
    factors: list[str] = []
    exprs = {window: f"{a} + {b}" for window, (a, b) in _WINDOWS.items()}

    def operand(dims: str, array: Array, name: str) -> None:
        maps.append(f"affine_map<({', '.join(loops)}) -> ({', '.join(exprs.get(d, d) for d in dims)})>")
        arguments.append(array)
        element = f"i{array.dtype.itemsize * 8}"
        types.append(f"tensor<{''.join(f'{size}x' for size in array.shape)}{element}>")
        block.append(f"%{name}: {element}")

    for number, side in enumerate(sides):
        name = f"e{number}"
        elements = _numbers(draw, tuple(sizes[d] for d in side.dims), side.dtype)
        operand(side.dims, elements, name)
        extend = "extsi" if side.is_signed else "extui"
        body.append(f"%f{number} = arith.{extend} %{name} : i{side.bits} to i32")
        value = elements.astype(np.int64)
        factor = f"%f{number}"
        plain = [d for d in side.dims if d not in "kXYpq"]
        if side.zero_point == "const":
            point = draw(st.integers(-255, 255))
            body.append(f"%c{number} = arith.constant {point} : i32")
            body.append(f"%z{number} = arith.subi {factor}, %c{number} : i32")
            value, factor = value - point, f"%z{number}"
        elif side.zero_point:
            dims = "".join(plain[:1]) if side.zero_point == "row" else ""
            points = _numbers(draw, tuple(sizes[d] for d in dims), side.dtype)
            operand(dims, points, f"p{number}")
            body.append(f"%c{number} = arith.{extend} %p{number} : i{side.bits} to i32")
            body.append(f"%z{number} = arith.subi {factor}, %c{number} : i32")
            spread = tuple(slice(None) if d in dims else None for d in side.dims)
            value, factor = value - points.astype(np.int64)[spread], f"%z{number}"
        values.append(value)
        factors.append(factor)
    init = _numbers(draw, tuple(extents[d] for d in result), np.dtype(np.int32))
    operand(result, init, "sum")
    left, right = factors if draw(st.booleans()) else reversed(factors)
    added = "%sum, %product" if draw(st.booleans()) else "%product, %sum"
    kinds = ", ".join('"parallel"' if loop in result else '"reduction"' for loop in loops)
    names = [f"%a{i}" for i in range(len(types))]
    signature = ", ".join(f"{name}: {type_}" for name, type_ in zip(names, types, strict=True))
    lines = "\n    ".join(body)
    text = f"""
func.func @main({signature}) -> {types[-1]} {{
  %y = linalg.generic {{indexing_maps = [{", ".join(maps)}], iterator_types = [{kinds}]}}
      ins({", ".join(names[:-1])} : {", ".join(types[:-1])}) outs({names[-1]} : {types[-1]}) {{
  ^bb0({", ".join(block)}):
    {lines}
    %product = arith.muli {left}, {right} : i32
    %next = arith.addi {added} : i32
    linalg.yield %next : i32
  }} -> {types[-1]}
  func.return %y : {types[-1]}
}}
"""
    windows = [_windows(value, side.dims, extents) for value, side in zip(values, sides, strict=True)]
    letters = ",".join(letters for _, letters in windows)
    total = np.einsum(f"{letters}->{result}", *(array for array, _ in windows), dtype=np.int64)
    expected = (total + init).astype(np.uint64).astype(np.uint32).view(np.int32)
    signless = tuple(array.view(f"i{array.dtype.itemsize}") for array in arguments)
    return DotProgram(text, signless, expected)
