"""Accesses of device and constant memory as calls that name a wasm instruction (docs/design/memory-index.md).

Works on the text of optimised LLVM IR, where a load or store is one line of a fixed form. A form without an instruction
is an error here: instruction selection would silently make it an access of memory 0. Vectors of local memory are
rewritten too, because that keeps their constant offsets, which loop strength reduction takes apart; all other accesses
of local memory are left to LLVM.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import reduce

from zellige.artifact import DEVICE_RESERVED_BYTES
from zellige.backend.llvm.access_forms import CARRIER, SIZES_BYTES, AccessForm, access_form, low_lanes
from zellige.support.errors import CompilerBug

MEMORY_OF_SPACE = {0: 1, 2: 0, 3: 2}
"""Memory index of an address space: local memory is 1, device 0, constant memory 2."""

DEVICE_SPACE = "2"

_NAME = r'%(?:[-\w.$]+|"[^"]+")'
_SPACE = r"ptr(?: addrspace\((?P<space>[23])\))? (?P<pointer>.+?)"
_LOAD = re.compile(rf"  (?P<result>{_NAME}) = load (?P<type>.+?), {_SPACE}, align (?P<align>\d+)")
_STORE = re.compile(
    rf"  store (?P<type><[^>]+>|ptr(?: addrspace\(\d+\))?|\w+) (?P<value>.+), {_SPACE}, align (?P<align>\d+)"
)
_ATOMIC_LOAD = re.compile(rf"  (?P<result>{_NAME}) = load atomic (?P<type>i32|i64), {_SPACE} \w+, align (?P<align>\d+)")
_ATOMIC_STORE = re.compile(rf"  store atomic (?P<type>i32|i64) (?P<value>\S+), {_SPACE} \w+, align (?P<align>\d+)")
_ATOMIC_UPDATE = re.compile(
    rf"  (?P<result>{_NAME}) = atomicrmw (?P<operation>add|sub|and|or|xor|xchg) {_SPACE},"
    r" (?P<type>i32|i64) (?P<value>\S+) \w+, align (?P<align>\d+)"
)
_PARENTHESES = reduce(lambda inner, _: rf"\((?:[^()]|{inner})*\)", range(4), r"\([^()]*\)")
_EXPRESSION = rf"(?:getelementptr|inttoptr)(?: \w+)* {_PARENTHESES}"
_ATTRIBUTES = r"(?: (?:\w+(?:\([^)]*\))?|align \d+))*?"
_BLOCK_POINTER = rf"ptr(?: addrspace\((?P<{{0}}_space>\d+)\))?{_ATTRIBUTES} (?P<{{0}}>{_NAME}|null|{_EXPRESSION})"
_FILL = re.compile(
    rf"  (?:tail )?call void @llvm\.memset\.p\d+\.i32\({_BLOCK_POINTER.format('to')},"
    r" i8 (?P<value>\S+), i32 (?P<size>\S+), i1 false\)"
)
_COPY = re.compile(
    rf"  (?:tail )?call void @llvm\.mem(?:cpy|move)\.p\d+\.p\d+\.i32\({_BLOCK_POINTER.format('to')},"
    rf" {_BLOCK_POINTER.format('source')}, i32 (?P<size>\S+), i1 false\)"
)
_MOVE = re.compile(
    rf"  (?P<result>{_NAME}) = getelementptr (?P<flags>(?:inbounds |nuw |nusw )*)(?P<type>\w+), {_SPACE},"
    r" i32 (?P<step>-?\d+)$"
)
_INSERT = re.compile(
    rf"  (?P<result>{_NAME}) = insertelement (?P<type><\d+ x \w+>) poison, \w+ (?P<value>{_NAME}), i(?:32|64) 0$"
)
_SPREAD = re.compile(
    rf"  (?P<result>{_NAME}) = shufflevector <\d+ x (?P<element>\w+)> (?P<value>{_NAME}), <[^>]+> poison,"
    r" <(?P<lanes>\d+) x i32> zeroinitializer$"  # which may have more lanes than the value
)
_TOUCHES_MEMORY = re.compile(
    r"\b(?:load|store)\b.*, ptr addrspace\([23]\)"  # a pointer that is the value itself is not meant
    r"|(?:\batomicrmw|\bcmpxchg|@llvm\.\S+\().*ptr addrspace\([23]\)"
)


@dataclass(frozen=True)
class _Move:
    """A step by a constant, in bytes; `stays` says that it does not leave the addresses."""

    pointer: str
    step: int
    stays: bool


@dataclass
class _Function:
    """One function under rewriting, with what is known of its values."""

    declarations: dict[str, str]
    moves: dict[str, _Move]
    splats: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    dropped: set[str] = field(default_factory=set[str])
    lines: list[str] = field(default_factory=list[str])
    fresh: int = 0

    def value(self, text: str) -> str:
        """A line that computes a new value; gives its name."""
        self.fresh += 1
        name = f"%zellige.{self.fresh}"
        self.lines.append(f"  {name} = {text}")
        return name

    def call(self, instruction: str, result: str, arguments: Sequence[tuple[str, str]], effect: str) -> str:
        """The call of the function that stands for an instruction; declares that function."""
        kinds = ", ".join(kind for kind, _ in arguments)
        is_local = ".m1" in instruction  # LLVM itself accesses local memory too, so order matters between both
        memory = f"memory({effect})" if is_local else f"memory(inaccessiblemem: {effect})"
        self.declarations[instruction] = f"declare {result} @{instruction}({kinds}) {memory} nounwind willreturn"
        return f"call {result} @{instruction}({', '.join(f'{kind} {value}' for kind, value in arguments)})"

    def address(self, match: re.Match[str]) -> tuple[tuple[str, str], tuple[str, str]]:
        """Address and constant offset of an access: steps by a constant go into the offset, which is not negative.

        An offset is added without wrapping, so a step may only go where the pointer before it is an address, too. LLVM
        says so of most; others may start below a buffer, which in device memory still is no negative address.
        """
        base, offset = match["pointer"], 0
        while base in self.moves:
            move = self.moves[base]
            is_device = match["space"] == DEVICE_SPACE
            if move.step < -offset or not (move.stays or (is_device and offset + move.step <= DEVICE_RESERVED_BYTES)):
                break
            base = move.pointer
            offset += move.step
        number = self.value(f"ptrtoint {_pointer_type(match)} {base} to i32")
        return ("i32", number), ("i32", str(offset))

    def rewritten(self, line: str) -> bool:
        """Append what stands for a line, if it is an access."""
        for pattern, rewrite in _REWRITES:
            match = pattern.match(line)
            if match is None:
                continue
            if _is_local(match) and not self._is_vector(match):
                return False
            rewrite(self, match)
            return True
        return False

    def _is_vector(self, match: re.Match[str]) -> bool:
        """Whether one instruction moves a whole vector, perhaps one number that is loaded into all lanes."""
        form = access_form(match["type"])
        is_splat = match.groupdict().get("result") in self.splats
        return is_splat or (form is not None and form.carrier == CARRIER and form.size_bytes == 16)


def _is_local(match: re.Match[str]) -> bool:
    """Whether an access is one of local memory; block operations say so for each of their operands."""
    groups = match.groupdict()
    return "space" in groups and groups["space"] is None


def _pointer_type(match: re.Match[str]) -> str:
    return "ptr" if match["space"] is None else f"ptr addrspace({match['space']})"


def _suffix(match: re.Match[str], size_bytes: int) -> str:
    alignment = min(int(match["align"]), size_bytes).bit_length() - 1
    return f"m{MEMORY_OF_SPACE[int(match['space'] or 0)]}.a{alignment}"


def _form(match: re.Match[str]) -> AccessForm:
    form = access_form(match["type"])
    if form is None:
        raise CompilerBug(f"no wasm instruction moves a '{match['type']}': {match[0].strip()}")
    return form


def _load(f: _Function, match: re.Match[str]) -> None:
    address, offset = f.address(match)
    result = match["result"]
    if result in f.splats:
        result, vector = f.splats[result]
        size = SIZES_BYTES[match["type"]]
        loaded = f.call(f"zellige.v128.load{8 * size}_splat.{_suffix(match, size)}", CARRIER, (address, offset), "read")
        steps = [loaded, *low_lanes(vector)]
    else:
        form = _form(match)
        instruction = f"zellige.{form.load}.{_suffix(match, form.size_bytes)}"
        steps = [f.call(instruction, form.carrier, (address, offset), "read"), *form.unpack]
    value = ""
    for step in steps[:-1]:
        value = f.value(step.format(value))
    f.lines.append(f"  {result} = {steps[-1].format(value)}")


def _store(f: _Function, match: re.Match[str]) -> None:
    form = _form(match)
    value = match["value"]
    for step in form.pack:
        value = f.value(step.format(value))
    address, offset = f.address(match)
    instruction = f"zellige.{form.store}.{_suffix(match, form.size_bytes)}{form.lane}"
    f.lines.append(f"  {f.call(instruction, 'void', (address, (form.carrier, value), offset), 'readwrite')}")


def _atomic_load(f: _Function, match: re.Match[str]) -> None:
    kind = match["type"]
    instruction = f"zellige.{kind}.atomic.load.{_suffix(match, SIZES_BYTES[kind])}"
    f.lines.append(f"  {match['result']} = {f.call(instruction, kind, f.address(match), 'readwrite')}")


def _atomic_store(f: _Function, match: re.Match[str]) -> None:
    kind = match["type"]
    address, offset = f.address(match)
    instruction = f"zellige.{kind}.atomic.store.{_suffix(match, SIZES_BYTES[kind])}"
    f.lines.append(f"  {f.call(instruction, 'void', (address, (kind, match['value']), offset), 'readwrite')}")


def _atomic_update(f: _Function, match: re.Match[str]) -> None:
    kind = match["type"]
    address, offset = f.address(match)
    instruction = f"zellige.{kind}.atomic.rmw.{match['operation']}.{_suffix(match, SIZES_BYTES[kind])}"
    call = f.call(instruction, kind, (address, (kind, match["value"]), offset), "readwrite")
    f.lines.append(f"  {match['result']} = {call}")


def _block_address(f: _Function, match: re.Match[str], which: str) -> tuple[tuple[str, str], int]:
    """Address of a block operand and its memory; local memory has index 1."""
    space = int(match[f"{which}_space"] or 0)
    pointer = f"ptr addrspace({space})" if space else "ptr"
    number = f.value(f"ptrtoint {pointer} {match[which]} to i32")
    return ("i32", number), MEMORY_OF_SPACE.get(space, 1)


def _fill(f: _Function, match: re.Match[str]) -> None:
    address, memory = _block_address(f, match, "to")
    byte = f.value(f"zext i8 {match['value']} to i32")
    arguments = (address, ("i32", byte), ("i32", match["size"]))
    f.lines.append(f"  {f.call(f'zellige.memory.fill.m{memory}', 'void', arguments, 'readwrite')}")


def _copy(f: _Function, match: re.Match[str]) -> None:
    to, to_memory = _block_address(f, match, "to")
    source, source_memory = _block_address(f, match, "source")
    instruction = f"zellige.memory.copy.m{to_memory}.m{source_memory}"
    f.lines.append(f"  {f.call(instruction, 'void', (to, source, ('i32', match['size'])), 'readwrite')}")


_REWRITES: tuple[tuple[re.Pattern[str], Callable[[_Function, re.Match[str]], None]], ...] = (
    (_ATOMIC_LOAD, _atomic_load),
    (_ATOMIC_STORE, _atomic_store),
    (_ATOMIC_UPDATE, _atomic_update),
    (_LOAD, _load),
    (_STORE, _store),
    (_FILL, _fill),
    (_COPY, _copy),
)


def _rewrite_function(lines: Sequence[str], declarations: dict[str, str]) -> list[str]:
    uses = Counter(name for line in lines for name in re.findall(_NAME, line))
    moves: dict[str, _Move] = {}
    inserts: dict[str, str] = {}
    for line in lines:
        if (move := _MOVE.match(line)) is not None and move["type"] in SIZES_BYTES:
            step = int(move["step"]) * SIZES_BYTES[move["type"]]
            moves[move["result"]] = _Move(move["pointer"], step, stays=bool(move["flags"]))
        elif (insert := _INSERT.match(line)) is not None and uses[insert["value"]] == 2:
            inserts[insert["result"]] = insert["value"]
    function = _Function(declarations, moves)
    loads = {match["result"]: match for line in lines if (match := _LOAD.match(line)) is not None}
    for line in lines:
        spread = _SPREAD.match(line)
        if spread is None or uses[spread["value"]] != 2:
            continue
        scalar = inserts.get(spread["value"])
        vector = f"<{spread['lanes']} x {spread['element']}>"
        if scalar is not None and scalar in loads and access_form(vector) is not None:
            function.splats[scalar] = (spread["result"], vector)
            function.dropped |= {spread["value"], spread["result"]}
    for line in lines:
        defined = re.match(rf"  ({_NAME}) = (?:insertelement|shufflevector)", line)
        if defined is not None and defined[1] in function.dropped:
            continue
        if function.rewritten(line):
            continue
        if _TOUCHES_MEMORY.search(line):
            raise CompilerBug(f"no wasm instruction for this access of device or constant memory: {line.strip()}")
        function.lines.append(line)
    return function.lines


def rewrite_accesses(text: str) -> str:
    """The module with every access of address spaces 2 and 3 as a call; other lines stay as they are."""
    result: list[str] = []
    declarations: dict[str, str] = {}
    body: list[str] | None = None
    for line in text.splitlines():
        if line.startswith("define "):
            result.append(line)
            body = []
        elif line == "}" and body is not None:
            result += [*_rewrite_function(body, declarations), line]
            body = None
        elif body is not None:
            body.append(line)
        elif not line.startswith(
            ("declare void @llvm.memset", "declare void @llvm.memcpy", "declare void @llvm.memmove")
        ):
            result.append(line)
    return "\n".join([*result, *declarations.values(), ""])
