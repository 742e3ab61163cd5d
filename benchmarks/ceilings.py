"""What one thread of WebAssembly can do on this machine: hand-written loops that do nothing else.

`multiply_add`: fused multiply-adds of 4 x f32, 12 chains of them that do not wait for each other.
`dot`:          in the same way, 8 products of i16 added in pairs to 4 x i32.
`copy`, `read`: vectors streamed from memory to memory, or summed up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import wasmtime

from benchmarks.measure import Run

CeilingName = Literal["multiply_add", "dot", "copy", "read"]

ACCUMULATORS = 12
STEPS = 500_000
OPERATIONS_PER_STEP = {"multiply_add": 8 * ACCUMULATORS, "dot": 16 * ACCUMULATORS}
STRIDE_BYTES = 128
PAGE_BYTES = 65536


@dataclass(frozen=True)
class Ceiling:
    """A run that does `work`: arithmetic operations, or bytes read and written."""

    name: CeilingName
    work: int
    run: Run


def ceiling(name: CeilingName, size_bytes: int = 0) -> Ceiling:
    """The ceiling of this name; one of memory moves `size_bytes`, rounded up, as the workload does: what fits into a
    cache for one then fits for the other.
    """
    if name in OPERATIONS_PER_STEP:
        run = _bind(_arithmetic_text(name), STEPS)
        return Ceiling(name, STEPS * OPERATIONS_PER_STEP[name], run)
    streams = 2 if name == "copy" else 1
    stream_bytes = -(-size_bytes // (streams * STRIDE_BYTES)) * STRIDE_BYTES
    return Ceiling(name, streams * stream_bytes, _bind(_stream_text(name, stream_bytes, streams), stream_bytes))


def _bind(text: str, argument: int) -> Run:
    store = wasmtime.Store(wasmtime.Engine())
    instance = wasmtime.Instance(store, wasmtime.Module(store.engine, text), [])
    function = instance.exports(store)["run"]
    assert isinstance(function, wasmtime.Func)
    return partial(function, store, argument)


def _arithmetic_text(name: CeilingName) -> str:
    steps: dict[str, Callable[[str], str]] = {
        "multiply_add": lambda sum_: f"(f32x4.relaxed_madd {sum_} (local.get $x) (local.get $y))",
        "dot": lambda sum_: f"(i32x4.add (i32x4.dot_i16x8_s {sum_} (local.get $x)) (local.get $y))",
    }
    sums = [f"$sum{number}" for number in range(ACCUMULATORS)]
    body = "\n".join(f"(local.set {sum_} {steps[name](f'(local.get {sum_})')})" for sum_ in sums)
    total = f"(local.get {sums[0]})"
    for sum_ in sums[1:]:
        total = f"(v128.xor {total} (local.get {sum_}))"
    return f"""
(module (func (export "run") (param $steps i32) (result i32)
  (local $x v128) (local $y v128) {" ".join(f"(local {sum_} v128)" for sum_ in sums)}
  (local.set $x (f32x4.splat (f32.const 0.5)))
  (local.set $y (f32x4.splat (f32.const 1)))
  (loop $again
    {body}
    (br_if $again (local.tee $steps (i32.sub (local.get $steps) (i32.const 1)))))
  (i32x4.extract_lane 0 {total})))
"""


def _stream_text(name: CeilingName, stream_bytes: int, streams: int) -> str:
    offsets = range(0, STRIDE_BYTES, 16)
    if name == "copy":
        body = "\n".join(
            f"(v128.store offset={stream_bytes + o} (local.get $at) (v128.load offset={o} (local.get $at)))"
            for o in offsets
        )
    else:
        body = "\n".join(
            f"(local.set $sum{o} (f32x4.add (local.get $sum{o}) (v128.load offset={o} (local.get $at))))"
            for o in offsets
        )
    total = "(local.get $sum0)"
    for offset in offsets[1:]:
        total = f"(v128.xor {total} (local.get $sum{offset}))"
    return f"""
(module (memory {-(-streams * stream_bytes // PAGE_BYTES)})
 (func (export "run") (param $end i32) (result i32)
  (local $at i32) {" ".join(f"(local $sum{offset} v128)" for offset in offsets)}
  (loop $again
    {body}
    (br_if $again (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const {STRIDE_BYTES}))) (local.get $end))))
  (i32x4.extract_lane 0 {total})))
"""
