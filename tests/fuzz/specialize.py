"""Mutated modules with built-in functions: none is specialised into something else than what it declares.

    python -m tests.fuzz.specialize --count 5000 [--seed 1]

Each mutated module gives a typed error or is specialised, all functions that match their digest replaced. A replaced
function has the type and the body of the one that the good module declares with that digest, under no other function's
name. If wasmtime accepts the mutated module, it accepts the specialised one, and both do the same while imports
decline.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import wasmtime

from tests.fuzz.command import Inputs, Seen, run
from tests.fuzz.linker import mutated
from tests.wasm_objects import CORPUS, KERNEL, SHARED, linked
from zellige.artifact import sections
from zellige.backend.wasm.builtin_section import BUILTIN_SECTION, IS_AVAILABLE, Builtin, BuiltinRecord
from zellige.backend.wasm.reader import read
from zellige.backend.wasm.sections import Module
from zellige.backend.wasm.specialize import matching, specialize
from zellige.backend.wasm.types import PAGE_BYTES, FunctionType
from zellige.support.errors import ZelligeError

GROUP = "group"
PAGES = 40
FUEL = 1_000_000

SCALE = """
declare void @zellige.f32.store.m0.a2(ptr, float, i32)
@factors = internal constant [4 x float] [float 1.0, float 2.0, float 3.0, float 4.0], align 16
define float @factor(i32 %i) noinline {
  %p = getelementptr float, ptr @factors, i32 %i
  %x = load float, ptr %p
  ret float %x
}
define void @scale.tile(i32 %i, float %x, ptr %p) noinline {
  %f = call float @factor(i32 %i)
  %y = fmul float %f, %x
  call void @zellige.f32.store.m0.a2(ptr %p, float %y, i32 0)
  ret void
}
define void @double.tile(i32 %i, float %x, ptr %p) noinline {
  %y = fmul float 2.0, %x
  call void @zellige.f32.store.m0.a2(ptr %p, float %y, i32 0)
  ret void
}
define void @spill.tile(i32 %i, float %x, ptr %p) noinline {
  %frame = alloca [64 x float]
  %q = getelementptr float, ptr %frame, i32 %i
  store volatile float %x, ptr %q
  %y = load volatile float, ptr %q
  call void @zellige.f32.store.m0.a2(ptr %p, float %y, i32 0)
  ret void
}
define i32 @group.is_available() noinline {
  ret i32 0
}
define void @entry(i32 %i, ptr %p) {
  call void @scale.tile(i32 %i, float 1.5, ptr %p)
  %q = getelementptr float, ptr %p, i32 1
  call void @double.tile(i32 %i, float 2.5, ptr %q)
  %r = getelementptr float, ptr %p, i32 2
  call void @spill.tile(i32 %i, float 3.5, ptr %r)
  ret void
}
"""


@dataclass(frozen=True)
class Good:
    """A module, its built-in functions, and where the sections are that decide what is replaced."""

    module: bytes
    records: dict[bytes, BuiltinRecord]
    regions: tuple[tuple[int, int], ...]

    def mutated(self, choice: random.Random) -> bytes:
        """Most mutations flip bits in those sections, so that all sizes stay right."""
        if choice.randrange(4) == 0:
            return mutated(self.module, choice)
        start, end = choice.choice(self.regions)
        changed = bytearray(self.module)
        for _ in range(choice.choice((1, 1, 1, 2, 3))):
            changed[choice.randrange(start, end)] ^= 1 << choice.randrange(8)
        return bytes(changed)


@cache
def good_modules() -> Sequence[Good]:
    kernels = tuple(Builtin(f"{name}.tile", GROUP, name, 1) for name in ("scale", "double", "spill"))
    available = Builtin("group.is_available", GROUP, "is_available", 1, IS_AVAILABLE)
    found: list[Good] = []
    for profile in ("full", "simd", "mvp"):
        others = (KERNEL, SHARED, CORPUS["start"][0].replace("@init", "@first")) if profile == "full" else ()
        exports = ("entry", "group.is_available", *(("main", "get") if others else ()))
        module = linked(SCALE, *others, exports=exports, profile=profile, builtins=(*kernels, available))
        names = [BUILTIN_SECTION.encode(), b"zellige.program"]
        regions = [
            (start, end)
            for kind, start, end in sections(module)
            if kind in {3, 10} or any(module[start + 1 : end].startswith(name) for name in names)
        ]
        found.append(Good(module, {record.digest: record for record in matching(module)}, tuple(regions)))
    return found


def fuzz(inputs: Inputs) -> Seen:
    """How many ended how, and what must not happen."""
    config = wasmtime.Config()
    config.consume_fuel = True
    engine = wasmtime.Engine(config)
    seen = Seen()
    for index, choice in inputs:
        good = choice.choice(good_modules())
        module = good.mutated(choice)
        started = time.monotonic()
        try:
            seen.outcomes[_specialized(good, module, engine)] += 1
        except ZelligeError:
            seen.outcomes["typed error"] += 1
        except Exception as cause:  # any other class is what this looks for
            seen.fail(index, f"{type(cause).__name__}: {cause}")
        seen.check_time(index, started)
    return seen


def _specialized(good: Good, module: bytes, engine: wasmtime.Engine) -> str:
    records = matching(module)
    _check_substitutions(good, module, records)
    result = specialize(module, [record.function_index for record in records])
    if not _is_valid(module, engine):
        return "not a module that runs"
    ran, expected = _run(result, engine), _run(module, engine)
    assert ran == expected, f"{ran[0]} instead of {expected[0]}"
    return (
        "nothing replaced" if not records else "all replaced" if len(records) == len(good.records) else "some replaced"
    )


def _check_substitutions(good: Good, module: bytes, records: Sequence[BuiltinRecord]) -> None:
    before, after = read(good.module), read(module)
    names = {record.name for record in good.records.values()}
    for record in records:
        original = good.records[record.digest]
        assert record.name == original.name or record.name not in names, f"{record} is {original}"
        found = _function(after, record.function_index)
        assert found == _function(before, original.function_index), f"{record} has another body"


def _function(module: Module, index: int) -> tuple[FunctionType, bytes]:
    """Type and body. A mutation that moved the indices in it would have to insert functions."""
    return module.types[module.function_types[index]], module.bodies[index - module.imported_functions].body


def _decline(*_arguments: object) -> int:
    return 0


def _run(module: bytes, engine: wasmtime.Engine) -> tuple[str, bytes]:
    """How a call of `entry` ends while all imports decline, and what it leaves in the device memory."""
    store = wasmtime.Store(engine)
    store.set_fuel(FUEL)
    compiled = wasmtime.Module(engine, module)
    memory = wasmtime.Memory(store, wasmtime.MemoryType(wasmtime.Limits(PAGES, PAGES)))
    imports: list[wasmtime.Func | wasmtime.Memory] = [
        wasmtime.Func(store, entry.type, _decline) if isinstance(entry.type, wasmtime.FuncType) else memory
        for entry in compiled.imports
    ]
    ended = "returned"
    try:
        entry = wasmtime.Instance(store, compiled, imports).exports(store)["entry"]
        assert isinstance(entry, wasmtime.Func)
        entry(store, 2, (PAGES - 1) * PAGE_BYTES)
    except wasmtime.Trap as trap:
        ended = str(trap.trap_code)
    except (wasmtime.WasmtimeError, KeyError) as cause:  # the imports or exports are others
        ended = type(cause).__name__
    return ended, bytes(memory.read(store, (PAGES - 1) * PAGE_BYTES, PAGES * PAGE_BYTES))


def _is_valid(module: bytes, engine: wasmtime.Engine) -> bool:
    try:
        wasmtime.Module.validate(engine, module)
    except wasmtime.WasmtimeError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(run(fuzz, __doc__, count=5_000))
