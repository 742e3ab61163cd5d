"""The default pipeline as data: phase -> text -> contract. `docs/design/pipeline.md` has the contracts in full."""

from __future__ import annotations

from dataclasses import dataclass

from zellige.compiler.options import CompileOptions

PHASE_NAMES = (
    "input",
    "global",
    "dispatch",
    "memory",
    "tiling",
    "vector",
    "bufferize",
    "lowering",
    "object",
    "link",
)
"""All phases in order. `link` makes bytes of a module, the others make a module of a module."""


@dataclass(frozen=True)
class Phase:
    """A named stretch of the pipeline, and in a sentence what the IR is after it."""

    name: str
    pipeline: str
    contract: str


def phases(options: CompileOptions) -> tuple[Phase, ...]:
    """The phases before `link`, with the pipeline text that these options stand for."""
    return (
        Phase(
            name="input",
            pipeline="",
            contract="linalg.generic on static tensors in public functions; constants are bytes",
        ),
        Phase(
            name="global",
            pipeline="",
            contract="the same ops; constants folded, elementwise chains fused, data movement folded into maps",
        ),
        Phase(
            name="dispatch",
            pipeline="",
            contract="flow.executable for each different kernel, flow.dispatch in the program functions",
        ),
        Phase(
            name="memory",
            pipeline="",
            contract="every tensor of a program function has a place; kernels have memrefs at their border",
        ),
        Phase(
            name="tiling",
            pipeline="",
            contract="kernels are loops over tiles, workgroups are counted",
        ),
        Phase(
            name="vector",
            pipeline="",
            contract="vectors of at most 128 bits or scalars, no linalg",
        ),
        Phase(
            name="bufferize",
            pipeline="",
            contract="memrefs in device, local and constant memory, no tensors",
        ),
        Phase(
            name="lowering",
            pipeline="",
            contract="the llvm dialect inside functions",
        ),
        Phase(
            name="object",
            pipeline="",
            contract="one relocatable wasm object for each executable and program function",
        ),
    )
