"""What one core of this machine can do outside of WebAssembly: fused multiply-adds of f32 on vectors of some width.

`python -m benchmarks.native_ceilings` shows them beside WebAssembly's: by how much a template can be faster than a
portable body that is near its own ceiling.
"""

from __future__ import annotations

import argparse
import ctypes
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from benchmarks.ceilings import ACCUMULATORS, STEPS, ceiling
from benchmarks.measure import Run, interleave, pin_to_one_core

WIDTHS = {512: "avx512f", 256: "fma", 128: "fma"}
"""Bits of a vector -> the processor feature that this width needs."""


@dataclass(frozen=True)
class NativeCeiling:
    """A run that does `work` operations. It keeps its code alive."""

    bits: int
    work: int
    run: Run
    code: object


def native_ceilings(widths: Sequence[int]) -> list[NativeCeiling]:
    """Ceilings for those of `widths` that the processor has."""
    binding: Any = import_module("llvmlite.binding")
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    features: Any = binding.get_host_cpu_features()
    return [_ceiling(binding, features, bits) for bits in widths if features.get(WIDTHS[bits], False)]


def _ceiling(binding: Any, features: Any, bits: int) -> NativeCeiling:
    machine = binding.Target.from_default_triple().create_target_machine(
        opt=3, cpu=binding.get_host_cpu_name(), features=features.flatten(), jit=True
    )  # the engine takes it
    module = binding.parse_assembly(_text(bits // 32, bits))
    engine = binding.create_mcjit_compiler(module, machine)
    engine.finalize_object()
    function = ctypes.CFUNCTYPE(None, ctypes.c_int64)(engine.get_function_address("run"))
    return NativeCeiling(bits, STEPS * 2 * ACCUMULATORS * bits // 32, partial(function, STEPS), engine)


def _text(lanes: int, bits: int) -> str:
    vector = f"<{lanes} x float>"
    half = f"<{', '.join(['float 0.5'] * lanes)}>"
    one = f"<{', '.join(['float 1.0'] * lanes)}>"
    names = range(ACCUMULATORS)
    phis = "\n".join(f"  %a{n} = phi {vector} [ zeroinitializer, %entry ], [ %b{n}, %loop ]" for n in names)
    steps = "\n".join(
        f"  %b{n} = call {vector} @llvm.fma.v{lanes}f32({vector} %a{n}, {vector} {half}, {vector} {one})" for n in names
    )
    used = ", ".join(f"{vector} %b{n}" for n in names)
    registers = ",".join(["v"] * ACCUMULATORS)
    return f"""
declare {vector} @llvm.fma.v{lanes}f32({vector}, {vector}, {vector})
define void @run(i64 %steps) "min-legal-vector-width"="{bits}" "prefer-vector-width"="{bits}" {{
entry:
  br label %loop
loop:
  %left = phi i64 [ %steps, %entry ], [ %next, %loop ]
{phis}
{steps}
  %next = sub i64 %left, 1
  %again = icmp ne i64 %next, 0
  br i1 %again, label %loop, label %done
done:
  call void asm sideeffect "", "{registers}"({used})
  ret void
}}
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.native_ceilings", description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, metavar="S", help="time for all of them (default: 2)")
    options = parser.parse_args()
    pin_to_one_core()
    native = native_ceilings(sorted(WIDTHS))
    tops = [ceiling("multiply_add"), *native]
    names = ["WebAssembly", *(f"{top.bits} bits" for top in native)]
    rounds = [
        [top.work / seconds for top, seconds in zip(tops, times, strict=True)]
        for times in interleave([top.run for top in tops], options.seconds)
    ]
    for number, name in enumerate(names):
        rate = statistics.median(rates[number] for rates in rounds)
        ratio = statistics.median(rates[number] / rates[0] for rates in rounds)
        print(f"{name:12} {rate * 1e-9:7.1f} GFLOP/s, {ratio:.2f} times WebAssembly")
    return 0


if __name__ == "__main__":
    sys.exit(main())
