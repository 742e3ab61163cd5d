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
    """A named stretch of the pipeline, and in a sentence what the IR is after it.

    The last pass is the check of that contract, with which the next phase starts when it is the first to run.
    """

    name: str
    pipeline: str
    contract: str


def _input() -> str:
    return ",".join(
        (
            "legalize-scf",
            "legalize-bufferization",
            "expand-affine-maps",
            "legalize-shape",
            "legalize-linalg-ext",
            "legalize-tosa-control-flow",
            "legalize-tosa",
            "legalize-chlo",
            "flatten-tuples",
            "legalize-stablehlo-control-flow",
            "inline-calls{numbers=true}",
            "extract-shape-operands",
            "inline-calls{elements=true}",
            "legalize-quantized-types",
            "decompose-ragged-dot",
            "split-transposed-convolutions",
            "decompose-stablehlo-batch-norm",
            "decompose-stablehlo-linear-algebra",
            "decompose-stablehlo-fft",
            "legalize-stablehlo-elementwise",
            "legalize-stablehlo-select-and-scatter",
            "legalize-stablehlo-reductions",
            "legalize-stablehlo-contractions",
            "legalize-stablehlo-shapes",
            "legalize-stablehlo-indexing",
            "legalize-signedness",
            "lift-cf-to-scf",
            "check-input",
            "inline-calls",
            "promote-globals",
            "fold-static-shapes",
            "legalize-scalar-signatures",
            "decompose-packs",
            "decompose-pad",
            "decompose-concat",
            "decompose-softmax",
            "decompose-winograd",
            "decompose-tensor-indexing",
            "decompose-tensor-elements",
            "generalize-named-ops",
            "decompose-complex",
            "widen-small-floats",
            "pack-small-integers",
            "widen-small-integers",
            "resolve-dimensions",
            "check-global",
        )
    )


def _lowering(options: CompileOptions) -> str:
    barriers = options.profile == "full"
    fused = () if options.deterministic else ("fuse-multiply-add",)
    return ",".join(
        (
            "expand-small-floats",
            "number-assertions",
            f"convert-host-to-llvm{{barriers={str(barriers).lower()}}}",
            "convert-memref-to-llvm",
            "convert-intrinsic-to-llvm",
            "export-entry-points",
            "expand-math-functions",
            "share-constants",
            "convert-index-to-i32",
            "convert-scf-to-cf",
            "convert-assert-to-llvm",
            *fused,
            *(("convert-packed-to-llvm{machine=wasm}",) if options.profile != "mvp" else ()),
            "convert-vector-to-llvm",
            "convert-arith-to-llvm",
            "convert-cf-to-llvm",
            "describe-program",
            "check-lowering",
        )
    )


def _object(options: CompileOptions) -> str:
    several_memories = options.profile == "full"
    features = ",".join(options.features)
    return f"emit-objects{{features={features} several-memories={str(several_memories).lower()}}},check-object"


def phases(options: CompileOptions) -> tuple[Phase, ...]:
    """The phases before `link`, with the pipeline text that these options stand for."""
    return (
        Phase(
            name="input",
            pipeline=_input(),
            contract="linalg.generic on tensors in public functions; sizes are values; constants are bytes",
        ),
        Phase(
            name="global",
            pipeline="fold-zero-size-tensors,drop-invariant-carried-values,fold-constants,erase-dead-ops,"
            "drop-unused-results,narrow-sorts,collapse-unit-results,fold-unit-reshapes,simplify-indexing-maps,sink-reshapes,inline-constant-operands,"
            "expand-constant-powers,fuse-elementwise,fold-identity-generics,erase-dead-ops,check-global",
            contract="the same ops; constants folded, elementwise chains fused, data movement folded into maps",
        ),
        Phase(
            name="dispatch",
            pipeline="fold-empty-tensors,replace-unread-inits,materialize-slices,outline-dispatches,"
            "rematerialize-fills,mark-constant-operands,deduplicate-executables,check-dispatch",
            contract="flow.executable for each different kernel, flow.dispatch in the program functions",
        ),
        Phase(
            name="memory",
            pipeline="insert-copies,plan-memory,insert-barriers,bind-executable-buffers,check-memory",
            contract="every tensor of a program function has a place; kernels have memrefs at their border",
        ),
        Phase(
            name="tiling",
            pipeline="convert-linalg-ext-to-loops,generalize-copies,collapse-loops,select-schedules,tile-to-workgroups,"
            f"{'outline-builtins,' if options.builtins else ''}"
            f"{'pack-dot-products,' if options.profile != 'mvp' else ''}tile-to-registers,check-tiling",
            contract="kernels are loops over tiles, workgroups are counted",
        ),
        Phase(
            name="vector",
            pipeline="vectorize-generics,unroll-vectors,share-constants,check-vector",
            contract="vectors of at most 128 bits or scalars, no linalg",
        ),
        Phase(
            name="bufferize",
            pipeline="bufferize-host-functions,outline-sizes,bufferize-kernels,check-bufferize",
            contract="memrefs in device, local and constant memory, no tensors",
        ),
        Phase(
            name="lowering",
            pipeline=_lowering(options),
            contract="the llvm dialect inside functions",
        ),
        Phase(
            name="object",
            pipeline=_object(options),
            contract="one relocatable wasm object for each executable and program function",
        ),
    )
