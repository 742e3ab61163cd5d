"""LLVM IR text to a relocatable wasm object: optimise, select memories, emit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import llvmlite.binding as _binding  # pyright: ignore[reportMissingTypeStubs]  (llvmlite has no types)

from zellige.backend.llvm.memory_index import rewrite_accesses
from zellige.backend.llvm.selections import exact_selections
from zellige.support.errors import CompilerBug

binding = cast("Any", _binding)

TRIPLE = "wasm32-unknown-unknown"
RELAXED_SIMD = "relaxed-simd"


@dataclass(frozen=True)
class ObjectOptions:
    """`features` are LLVM's target features; `several_memories` rewrites accesses to name their memory."""

    features: tuple[str, ...]
    several_memories: bool
    speed_level: int = 3


def emit_object(text: str, options: ObjectOptions) -> bytes:
    """The wasm object of a module of LLVM IR. Raises `CompilerBug` for IR that LLVM refuses."""
    binding.initialize_all_targets()
    binding.initialize_all_asmprinters()
    target = binding.Target.from_triple(TRIPLE)
    machine = target.create_target_machine(
        opt=options.speed_level, features=",".join(f"+{feature}" for feature in options.features)
    )
    header = f'target datalayout = "{machine.target_data}"\ntarget triple = "{TRIPLE}"\n'
    optimised = optimise(header + text, machine, options.speed_level)
    if RELAXED_SIMD in options.features:
        optimised = exact_selections(optimised)
    if options.several_memories:
        optimised = rewrite_accesses(optimised)
    with parsed(optimised) as module:
        return cast("bytes", machine.emit_object(module))


def optimise(text: str, machine: Any, speed_level: int = 3) -> str:
    """LLVM's own pipeline on a module, as text. Vectors are ours, so LLVM's vectorisers stay off."""
    with parsed(text) as module:
        tuning = binding.create_pipeline_tuning_options(speed_level=speed_level)
        tuning.loop_vectorization = False
        tuning.slp_vectorization = False
        builder = binding.create_pass_builder(machine, tuning)
        passes = builder.getModulePassManager()
        passes.add_instruction_namer_pass()  # numbers of values would have to follow the order of lines
        passes.run(module, builder)
        return str(module)


def parsed(text: str) -> Any:
    """The module of LLVM that a text stands for. Raises `CompilerBug` for IR that LLVM refuses."""
    try:
        module = binding.parse_assembly(text)
        module.verify()
    except RuntimeError as cause:
        raise CompilerBug(f"LLVM refuses the IR: {cause}", replay=text) from cause
    return module
