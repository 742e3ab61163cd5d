"""Random programs of the global phase on 4x4 and 4-element i32 tensors: views, slices, loops, branches, reuse."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

SQUARE, ROW = "tensor<4x4xi32>", "tensor<4xi32>"
ID2, ID1 = "affine_map<(d0, d1) -> (d0, d1)>", "affine_map<(d0) -> (d0)>"
TURNED = "affine_map<(d0, d1) -> (d1, d0)>"
ROWS, COLUMNS = "affine_map<(d0, d1) -> (d0)>", "affine_map<(d0, d1) -> (d1)>"


@dataclass
class ProgramText:
    """A program under construction: lines, and the values in scope by type."""

    draw: st.DrawFn
    lines: list[str] = field(default_factory=list[str])
    scope: dict[str, list[str]] = field(default_factory=lambda: {SQUARE: [], ROW: []})
    count: int = 0
    depth: int = 0

    def emit(self, line: str) -> None:
        self.lines.append("  " * (self.depth + 1) + line)

    def name(self) -> str:
        self.count += 1
        return f"%v{self.count}"

    def pick(self, type_: str) -> str:
        """One of the values in scope; often one of the last, so that most are used."""
        values = self.scope[type_]
        return values[-1 - min(self.draw(st.integers(0, 6)), len(values) - 1)]

    def generic(self, inputs: list[tuple[str, str, str]], out: tuple[str, str], body: list[str], start: str) -> str:
        """A generic; inputs are (value, type, map), the output is (type, map); the body uses %a, %b, %o."""
        result = self.name()
        names = ["%a", "%b"][: len(inputs)]
        loops = "d0, d1, d2" if any("d2" in m for _, _, m in inputs) else "d0, d1" if "d1" in inputs[0][2] else "d0"
        kinds = ["parallel" if loop in out[1].split("->")[1] else "reduction" for loop in loops.split(", ")]
        operands = f"ins({', '.join(v for v, _, _ in inputs)} : {', '.join(t for _, t, _ in inputs)})"
        maps = ", ".join([m for _, _, m in inputs] + [out[1]])
        words = ", ".join(f'"{kind}"' for kind in kinds)
        self.emit(
            f"{result} = linalg.generic {{indexing_maps = [{maps}], iterator_types = [{words}]}} "
            f"{operands} outs({start} : {out[0]}) {{"
        )
        self.emit(f"^bb0({', '.join(f'{n}: i32' for n in [*names, '%o'])}):")
        for line in body:
            self.emit("  " + line)
        self.emit(f"}} -> {out[0]}")
        return result

    def empty(self, type_: str) -> str:
        value = self.name()
        self.emit(f"{value} = tensor.empty() : {type_}")
        return value

    def filled(self, type_: str) -> str:
        start, result = self.empty(type_), self.name()
        identity, kinds = (ID2, '"parallel", "parallel"') if type_ == SQUARE else (ID1, '"parallel"')
        self.emit(
            f"{result} = linalg.generic {{indexing_maps = [{identity}], iterator_types = [{kinds}]}} "
            f"outs({start} : {type_}) {{"
        )
        self.emit("^bb0(%o: i32):")
        self.emit("  linalg.yield %one : i32")
        self.emit(f"}} -> {type_}")
        return result

    def step(self) -> None:
        """One more op, or one more nested piece of program."""
        kinds = ["unary", "binary", "turned", "matmul", "reduce", "spread", "insert", "slice", "row", "views"]
        kinds += ["constant", "fill"] if self.depth > 2 else ["constant", "fill", "for", "for2", "while", "if"]
        getattr(self, "_" + self.draw(st.sampled_from(kinds)))()

    def _unary(self) -> None:
        type_ = self.draw(st.sampled_from([SQUARE, ROW]))
        identity = ID2 if type_ == SQUARE else ID1
        body = ["%t = arith.addi %a, %one : i32", "linalg.yield %t : i32"]
        self.scope[type_].append(
            self.generic([(self.pick(type_), type_, identity)], (type_, identity), body, self.empty(type_))
        )

    _wrap = _unary

    def _binary(self) -> None:
        inputs = [(self.pick(SQUARE), SQUARE, ID2), (self.pick(SQUARE), SQUARE, ID2)]
        body = ["%t = arith.subi %a, %b : i32", "linalg.yield %t : i32"]
        self.scope[SQUARE].append(self.generic(inputs, (SQUARE, ID2), body, self.empty(SQUARE)))

    def _turned(self) -> None:
        inputs = [(self.pick(SQUARE), SQUARE, TURNED), (self.pick(SQUARE), SQUARE, ID2)]
        body = ["%t = arith.xori %a, %b : i32", "linalg.yield %t : i32"]
        self.scope[SQUARE].append(self.generic(inputs, (SQUARE, ID2), body, self.empty(SQUARE)))

    def _matmul(self) -> None:
        inputs = [
            (self.pick(SQUARE), SQUARE, "affine_map<(d0, d1, d2) -> (d0, d2)>"),
            (self.pick(SQUARE), SQUARE, "affine_map<(d0, d1, d2) -> (d2, d1)>"),
        ]
        body = ["%t = arith.muli %a, %b : i32", "%u = arith.addi %t, %o : i32", "linalg.yield %u : i32"]
        start = self.filled(SQUARE) if self.draw(st.booleans()) else self.pick(SQUARE)
        out = (SQUARE, "affine_map<(d0, d1, d2) -> (d0, d1)>")
        self.scope[SQUARE].append(self.generic(inputs, out, body, start))

    def _reduce(self) -> None:
        body = ["%t = arith.maxsi %a, %o : i32", "linalg.yield %t : i32"]
        out = (ROW, self.draw(st.sampled_from([ROWS, COLUMNS])))
        start = self.filled(ROW)
        self.scope[ROW].append(self.generic([(self.pick(SQUARE), SQUARE, ID2)], out, body, start))

    def _spread(self) -> None:
        inputs = [(self.pick(SQUARE), SQUARE, ID2), (self.pick(ROW), ROW, ROWS)]
        body = ["%t = arith.subi %a, %b : i32", "linalg.yield %t : i32"]
        self.scope[SQUARE].append(self.generic(inputs, (SQUARE, ID2), body, self.empty(SQUARE)))

    def _insert(self) -> None:
        source, result = self.pick(ROW), self.name()
        into = self.pick(SQUARE)
        where = self.draw(st.sampled_from(["0, 0", "3, 0", "%i2, 0"]))
        self.emit(f"{result} = tensor.insert_slice {source} into {into}[{where}] [1, 4] [1, 1] : {ROW} into {SQUARE}")
        self.scope[SQUARE].append(result)

    def _slice(self) -> None:
        result = self.name()
        where = self.draw(st.sampled_from(["0, 0", "1, 0", "%i2, 0"]))
        self.emit(f"{result} = tensor.extract_slice {self.pick(SQUARE)}[{where}] [1, 4] [1, 1] : {SQUARE} to {ROW}")
        self.scope[ROW].append(result)

    def _row(self) -> None:
        inputs = [(self.pick(ROW), ROW, ID1), (self.pick(ROW), ROW, ID1)]
        body = ["%t = arith.addi %a, %b : i32", "linalg.yield %t : i32"]
        self.scope[ROW].append(self.generic(inputs, (ROW, ID1), body, self.empty(ROW)))

    def _views(self) -> None:
        flat, result = self.name(), self.name()
        self.emit(f"{flat} = tensor.collapse_shape {self.pick(SQUARE)} [[0, 1]] : {SQUARE} into tensor<16xi32>")
        self.emit(f"{result} = tensor.expand_shape {flat} [[0, 1]] output_shape [4, 4] : tensor<16xi32> into {SQUARE}")
        self.scope[SQUARE].append(result)

    def _constant(self) -> None:
        result = self.name()
        self.emit(f"{result} = arith.constant dense<{self.draw(st.sampled_from(['[1, 2, 3, 4]', '7']))}> : {ROW}")
        self.scope[ROW].append(result)

    def _fill(self) -> None:
        self.scope[ROW].append(self.filled(ROW))

    def _inside(self) -> tuple[str, str]:
        """Some steps in a new scope; gives a square and a row to hand over."""
        outer = {type_: list(values) for type_, values in self.scope.items()}
        self.depth += 1
        for _ in range(self.draw(st.integers(1, 4))):
            self.step()
        handed = self.pick(SQUARE), self.pick(ROW)
        self.depth -= 1
        self.inner, self.scope = self.scope, outer
        return handed

    def _for(self) -> None:
        result, argument = self.name(), self.name()
        start = self.pick(SQUARE)
        self.emit(
            f"{result} = scf.for %i{self.count}i = %i0 to %n step %i1 iter_args({argument} = {start}) -> ({SQUARE}) {{"
        )
        self.scope[SQUARE].append(argument)
        square, _ = self._inside()
        self.emit(f"  scf.yield {square} : {SQUARE}")
        self.emit("}")
        self.scope[SQUARE].remove(argument)
        self.scope[SQUARE].append(result)

    def _for2(self) -> None:
        first, second, a, b = self.name(), self.name(), self.name(), self.name()
        starts = self.pick(SQUARE), self.pick(SQUARE)
        self.emit(
            f"{first}, {second} = scf.for %i{self.count}i = %i0 to %n step %i1 "
            f"iter_args({a} = {starts[0]}, {b} = {starts[1]}) -> ({SQUARE}, {SQUARE}) {{"
        )
        self.scope[SQUARE] += [a, b]
        square, _ = self._inside()
        handed = self.draw(st.sampled_from([(b, a), (square, a), (b, square), (square, square), (a, a)]))
        self.emit(f"  scf.yield {', '.join(handed)} : {SQUARE}, {SQUARE}")
        self.emit("}")
        self.scope[SQUARE] = [value for value in self.scope[SQUARE] if value not in (a, b)] + [first, second]

    def _while(self) -> None:
        result, count, before, n, after, m = (self.name() for _ in range(6))
        start = self.pick(SQUARE)
        self.emit(
            f"{result}, {count} = scf.while ({before} = {start}, {n} = %i0) : ({SQUARE}, index) -> ({SQUARE}, index) {{"
        )
        self.scope[SQUARE].append(before)
        square, _ = self._inside()
        first = self.name()
        self.emit(f"  {first} = arith.cmpi slt, {n}, %n : index")
        self.emit(f"  scf.condition({first}) {square}, {n} : {SQUARE}, index")
        self.emit("} do {")
        self.emit(f"^bb0({after}: {SQUARE}, {m}: index):")
        self.scope[SQUARE].remove(before)
        self.scope[SQUARE].append(after)
        square, _ = self._inside()
        more = self.name()
        self.emit(f"  {more} = arith.addi {m}, %i1 : index")
        self.emit(f"  scf.yield {square}, {more} : {SQUARE}, index")
        self.emit("}")
        self.scope[SQUARE].remove(after)
        self.scope[SQUARE].append(result)

    def _if(self) -> None:
        element, condition, one, other = (self.name() for _ in range(4))
        self.emit(f"{element} = tensor.extract {self.pick(ROW)}[%i2] : {ROW}")
        self.emit(f"{condition} = arith.cmpi slt, {element}, %one : i32")
        self.emit(f"{one}, {other} = scf.if {condition} -> ({SQUARE}, {ROW}) {{")
        square, row = self._inside()
        self.emit(f"  scf.yield {square}, {row} : {SQUARE}, {ROW}")
        self.emit("} else {")
        square, row = self._inside()
        self.emit(f"  scf.yield {square}, {row} : {SQUARE}, {ROW}")
        self.emit("}")
        self.scope[SQUARE].append(one)
        self.scope[ROW].append(other)


@st.composite
def programs(draw: st.DrawFn) -> str:
    """The text of a `@main(tensor<4x4xi32>, tensor<4x4xi32>, tensor<4xi32>, tensor<index>)` with several results."""
    program = ProgramText(draw, scope={SQUARE: ["%x", "%y"], ROW: ["%z"]})
    for _ in range(draw(st.integers(3, 10))):
        program.step()
    squares = [program.pick(SQUARE) for _ in range(draw(st.integers(2, 4)))]
    results = [*((value, SQUARE) for value in squares), (program.pick(ROW), ROW)]
    types = ", ".join(type_ for _, type_ in results)
    head = f"func.func @main(%x: {SQUARE}, %y: {SQUARE}, %z: {ROW}, %nt: tensor<index>) -> ({types}) {{"
    scalars = [
        "  %one = arith.constant 1 : i32",
        *(f"  %i{i} = arith.constant {i} : index" for i in range(3)),
        "  %n = tensor.extract %nt[] : tensor<index>",
    ]
    end = f"  func.return {', '.join(value for value, _ in results)} : {types}"
    return "\n".join([head, *scalars, *program.lines, end, "}"])
