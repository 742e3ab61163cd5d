"""The one list of dialects and passes: name -> `module:attribute`, imported when first used.

A pass of ours that is not listed here cannot be named in a pipeline; one that is listed is known to `zellige`,
`zellige-opt` and, through the entry point `xdsl.universe`, to plain `xdsl-opt`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from types import MappingProxyType
from typing import cast

from xdsl.context import Context
from xdsl.dialects import get_all_dialects
from xdsl.ir import Dialect
from xdsl.passes import ModulePass
from xdsl.transforms import get_all_passes
from xdsl.universe import Universe

DIALECTS = MappingProxyType(
    {
        "builtin": "xdsl.dialects.builtin:Builtin",
        "func": "xdsl.dialects.func:Func",
        "arith": "zellige.dialects.arith:Arith",
        "math": "xdsl.dialects.math:Math",
        "complex": "xdsl.dialects.complex:Complex",
        "scf": "zellige.dialects.scf:Scf",
        "cf": "xdsl.dialects.cf:Cf",
        "stablehlo": "zellige.dialects.stablehlo.dialect:Stablehlo",
        "chlo": "zellige.dialects.chlo:Chlo",
        "tensor": "zellige.dialects.tensor:Tensor",
        "linalg": "zellige.dialects.linalg:Linalg",
        "gpu": "zellige.dialects.gpu:Gpu",
        "memref": "xdsl.dialects.memref:MemRef",
        "vector": "xdsl.dialects.vector:Vector",
        "bufferization": "zellige.dialects.bufferization:Bufferization",
        "llvm": "zellige.dialects.llvm:Llvm",
        "ml_program": "zellige.dialects.ml_program:MlProgram",
        "quant": "zellige.dialects.quant:Quant",
        "sdy": "zellige.dialects.sdy:Sdy",
        "shape": "zellige.dialects.shape:Shape",
        "tosa": "zellige.dialects.tosa.dialect:Tosa",
        "affine": "zellige.dialects.affine:Affine",
        "ub": "xdsl.dialects.ub:UB",
        "test": "xdsl.dialects.test:Test",
        "flow": "zellige.dialects.flow:Flow",
        "hal": "zellige.dialects.hal:Hal",
        "linalg_ext": "zellige.dialects.linalg_ext:LinalgExt",
        "iree_linalg_ext": "zellige.dialects.iree_linalg_ext:IreeLinalgExt",
        "tm_tensor": "zellige.dialects.tm_tensor:TmTensor",
        "packed": "zellige.dialects.packed:Packed",
        "intrinsic": "zellige.dialects.intrinsic:Intrinsic",
    }
)

PASSES = MappingProxyType(
    {
        # from xDSL
        "canonicalize": "xdsl.transforms.canonicalize:CanonicalizePass",
        "cse": "xdsl.transforms.common_subexpression_elimination:CommonSubexpressionElimination",
        "dce": "xdsl.transforms.dead_code_elimination:DeadCodeElimination",
        "licm": "xdsl.transforms.loop_invariant_code_motion:LoopInvariantCodeMotionPass",
        # input
        "check-input": "zellige.passes.checks.check_input:CheckInputPass",
        "check-global": "zellige.passes.checks.check_global:CheckGlobalPass",
        "inline-calls": "zellige.passes.input.inline_calls:InlineCallsPass",
        "lift-cf-to-scf": "zellige.passes.input.lift_cf_to_scf:LiftCfToScfPass",
        "promote-globals": "zellige.passes.input.promote_globals:PromoteGlobalsPass",
        "legalize-scalar-signatures": "zellige.passes.input.legalize_scalar_signatures:LegalizeScalarSignaturesPass",
        "expand-affine-maps": "zellige.passes.input.expand_affine_maps:ExpandAffineMapsPass",
        "legalize-shape": "zellige.passes.input.legalize_shape:LegalizeShapePass",
        "flatten-tuples": "zellige.passes.input.flatten_tuples:FlattenTuplesPass",
        "decompose-winograd": "zellige.passes.input.decompose_winograd:DecomposeWinogradPass",
        "legalize-bufferization": "zellige.passes.input.legalize_bufferization:LegalizeBufferizationPass",
        "legalize-scf": "zellige.passes.input.legalize_scf:LegalizeScfPass",
        "decompose-tensor-indexing": "zellige.passes.input.decompose_tensor_indexing:DecomposeTensorIndexingPass",
        "legalize-linalg-ext": "zellige.passes.input.legalize_linalg_ext:LegalizeLinalgExtPass",
        "resolve-dimensions": "zellige.passes.input.resolve_dimensions:ResolveDimensionsPass",
        "fold-static-shapes": "zellige.passes.input.fold_static_shapes:FoldStaticShapesPass",
        "legalize-stablehlo-contractions": (
            "zellige.passes.input.legalize_stablehlo_contractions:LegalizeStablehloContractionsPass"
        ),
        "legalize-stablehlo-select-and-scatter": (
            "zellige.passes.input.legalize_stablehlo_select_and_scatter:LegalizeStablehloSelectAndScatterPass"
        ),
        "legalize-stablehlo-reductions": (
            "zellige.passes.input.legalize_stablehlo_reductions:LegalizeStablehloReductionsPass"
        ),
        "legalize-chlo": "zellige.passes.input.legalize_chlo:LegalizeChloPass",
        "legalize-quantized-types": "zellige.passes.input.legalize_quantized_types:LegalizeQuantizedTypesPass",
        "decompose-ragged-dot": "zellige.passes.input.decompose_ragged_dot:DecomposeRaggedDotPass",
        "split-transposed-convolutions": (
            "zellige.passes.input.split_transposed_convolutions:SplitTransposedConvolutionsPass"
        ),
        "decompose-stablehlo-batch-norm": (
            "zellige.passes.input.decompose_stablehlo_batch_norm:DecomposeStablehloBatchNormPass"
        ),
        "decompose-stablehlo-fft": "zellige.passes.input.decompose_stablehlo_fft:DecomposeStablehloFftPass",
        "decompose-stablehlo-linear-algebra": (
            "zellige.passes.input.decompose_stablehlo_linear_algebra:DecomposeStablehloLinearAlgebraPass"
        ),
        "legalize-tosa": "zellige.passes.input.legalize_tosa:LegalizeTosaPass",
        "legalize-tosa-control-flow": "zellige.passes.input.legalize_tosa_control_flow:LegalizeTosaControlFlowPass",
        "legalize-stablehlo-elementwise": (
            "zellige.passes.input.legalize_stablehlo_elementwise:LegalizeStablehloElementwisePass"
        ),
        "legalize-stablehlo-control-flow": (
            "zellige.passes.input.legalize_stablehlo_control_flow:LegalizeStablehloControlFlowPass"
        ),
        "legalize-stablehlo-indexing": (
            "zellige.passes.input.legalize_stablehlo_indexing:LegalizeStablehloIndexingPass"
        ),
        "extract-shape-operands": "zellige.passes.input.extract_shape_operands:ExtractShapeOperandsPass",
        "legalize-stablehlo-shapes": "zellige.passes.input.legalize_stablehlo_shapes:LegalizeStablehloShapesPass",
        "legalize-signedness": "zellige.passes.input.legalize_signedness:LegalizeSignednessPass",
        "decompose-packs": "zellige.passes.input.decompose_packs:DecomposePacksPass",
        "decompose-pad": "zellige.passes.input.decompose_pad:DecomposePadPass",
        "decompose-concat": "zellige.passes.input.decompose_concat:DecomposeConcatPass",
        "decompose-softmax": "zellige.passes.input.decompose_softmax:DecomposeSoftmaxPass",
        "decompose-tensor-elements": "zellige.passes.input.decompose_tensor_elements:DecomposeTensorElementsPass",
        "generalize-named-ops": "zellige.passes.input.generalize_named_ops:GeneralizeNamedOpsPass",
        "decompose-complex": "zellige.passes.input.decompose_complex:DecomposeComplexPass",
        "widen-small-floats": "zellige.passes.input.widen_small_floats:WidenSmallFloatsPass",
        "pack-small-integers": "zellige.passes.input.pack_small_integers:PackSmallIntegersPass",
        "widen-small-integers": "zellige.passes.input.widen_small_integers:WidenSmallIntegersPass",
        # global
        "sink-reshapes": "zellige.passes.global_opt.sink_reshapes:SinkReshapesPass",
        "fold-constants": "zellige.passes.global_opt.fold_constants:FoldConstantsPass",
        "inline-constant-operands": "zellige.passes.global_opt.inline_constant_operands:InlineConstantOperandsPass",
        "drop-invariant-carried-values": (
            "zellige.passes.global_opt.drop_invariant_carried_values:DropInvariantCarriedValuesPass"
        ),
        "erase-dead-ops": "zellige.passes.global_opt.erase_dead_ops:EraseDeadOpsPass",
        "drop-unused-results": "zellige.passes.global_opt.drop_unused_results:DropUnusedResultsPass",
        "fold-zero-size-tensors": "zellige.passes.global_opt.fold_zero_size_tensors:FoldZeroSizeTensorsPass",
        "collapse-unit-results": "zellige.passes.global_opt.collapse_unit_results:CollapseUnitResultsPass",
        "fold-unit-reshapes": "zellige.passes.global_opt.fold_unit_reshapes:FoldUnitReshapesPass",
        "simplify-indexing-maps": "zellige.passes.global_opt.simplify_indexing_maps:SimplifyIndexingMapsPass",
        "narrow-sorts": "zellige.passes.global_opt.narrow_sorts:NarrowSortsPass",
        "fold-identity-generics": "zellige.passes.global_opt.fold_identity_generics:FoldIdentityGenericsPass",
        "expand-constant-powers": "zellige.passes.global_opt.expand_constant_powers:ExpandConstantPowersPass",
        "fuse-elementwise": "zellige.passes.global_opt.fuse_elementwise:FuseElementwisePass",
        # dispatch
        "fold-empty-tensors": "zellige.passes.dispatch.fold_empty_tensors:FoldEmptyTensorsPass",
        "replace-unread-inits": "zellige.passes.dispatch.replace_unread_inits:ReplaceUnreadInitsPass",
        "materialize-slices": "zellige.passes.dispatch.materialize_slices:MaterializeSlicesPass",
        "outline-dispatches": "zellige.passes.dispatch.outline_dispatches:OutlineDispatchesPass",
        "rematerialize-fills": "zellige.passes.dispatch.rematerialize_fills:RematerializeFillsPass",
        "deduplicate-executables": "zellige.passes.dispatch.deduplicate_executables:DeduplicateExecutablesPass",
        "mark-constant-operands": "zellige.passes.dispatch.mark_constant_operands:MarkConstantOperandsPass",
        "check-dispatch": "zellige.passes.checks.check_dispatch:CheckDispatchPass",
        # memory
        "insert-copies": "zellige.passes.memory.insert_copies:InsertCopiesPass",
        "plan-memory": "zellige.passes.memory.plan_memory:PlanMemoryPass",
        "insert-barriers": "zellige.passes.memory.insert_barriers:InsertBarriersPass",
        "bind-executable-buffers": "zellige.passes.memory.bind_executable_buffers:BindExecutableBuffersPass",
        "check-memory": "zellige.passes.checks.check_memory:CheckMemoryPass",
        # tiling
        "convert-linalg-ext-to-loops": "zellige.passes.tiling.convert_linalg_ext_to_loops:ConvertLinalgExtToLoopsPass",
        "select-schedules": "zellige.passes.tiling.select_schedules:SelectSchedulesPass",
        "collapse-loops": "zellige.passes.tiling.collapse_loops:CollapseLoopsPass",
        "generalize-copies": "zellige.passes.tiling.generalize_copies:GeneralizeCopiesPass",
        "tile-to-workgroups": "zellige.passes.tiling.tile_to_workgroups:TileToWorkgroupsPass",
        "pack-dot-products": "zellige.passes.tiling.pack_dot_products:PackDotProductsPass",
        "tile-to-registers": "zellige.passes.tiling.tile_to_registers:TileToRegistersPass",
        "outline-builtins": "zellige.passes.tiling.outline_builtins:OutlineBuiltinsPass",
        "adapt-schedules": "zellige.passes.tiling.adapt_schedules:AdaptSchedulesPass",
        "check-tiling": "zellige.passes.checks.check_tiling:CheckTilingPass",
        # vector
        "vectorize-generics": "zellige.passes.vector.vectorize_generics:VectorizeGenericsPass",
        "unroll-vectors": "zellige.passes.vector.unroll_vectors:UnrollVectorsPass",
        "share-constants": "zellige.passes.vector.share_constants:ShareConstantsPass",
        "check-vector": "zellige.passes.checks.check_vector:CheckVectorPass",
        # bufferize
        "bufferize-host-functions": "zellige.passes.bufferize.bufferize_host_functions:BufferizeHostFunctionsPass",
        "outline-sizes": "zellige.passes.bufferize.outline_sizes:OutlineSizesPass",
        "bufferize-kernels": "zellige.passes.bufferize.bufferize_kernels:BufferizeKernelsPass",
        "fuse-reduction-loops": "zellige.passes.bufferize.fuse_reduction_loops:FuseReductionLoopsPass",
        "check-bufferize": "zellige.passes.checks.check_bufferize:CheckBufferizePass",
        # lowering
        "number-assertions": "zellige.passes.lowering.number_assertions:NumberAssertionsPass",
        "convert-host-to-llvm": "zellige.passes.lowering.convert_host_to_llvm:ConvertHostToLlvmPass",
        "convert-intrinsic-to-llvm": "zellige.passes.lowering.convert_intrinsic_to_llvm:ConvertIntrinsicToLlvmPass",
        "convert-assert-to-llvm": "zellige.passes.lowering.convert_assert_to_llvm:ConvertAssertToLlvmPass",
        "export-entry-points": "zellige.passes.lowering.export_entry_points:ExportEntryPointsPass",
        "describe-program": "zellige.passes.lowering.describe_program:DescribeProgramPass",
        "expand-math-functions": "zellige.passes.lowering.expand_math_functions:ExpandMathFunctionsPass",
        "expand-small-floats": "zellige.passes.lowering.expand_small_floats:ExpandSmallFloatsPass",
        "convert-index-to-i32": "zellige.passes.lowering.convert_index_to_i32:ConvertIndexToI32Pass",
        "convert-scf-to-cf": "zellige.passes.lowering.convert_scf_to_cf:ConvertScfToCfPass",
        "fuse-multiply-add": "zellige.passes.lowering.fuse_multiply_add:FuseMultiplyAddPass",
        "convert-packed-to-llvm": "zellige.passes.lowering.convert_packed_to_llvm:ConvertPackedToLlvmPass",
        "convert-vector-to-llvm": "zellige.passes.lowering.convert_vector_to_llvm:ConvertVectorToLlvmPass",
        "convert-arith-to-llvm": "zellige.passes.lowering.convert_arith_to_llvm:ConvertArithToLlvmPass",
        "convert-cf-to-llvm": "zellige.passes.lowering.convert_cf_to_llvm:ConvertCfToLlvmPass",
        "convert-memref-to-llvm": "zellige.passes.lowering.convert_memref_to_llvm:ConvertMemrefToLlvmPass",
        "pass-local-buffers": "zellige.passes.lowering.pass_local_buffers:PassLocalBuffersPass",
        "check-lowering": "zellige.passes.checks.check_lowering:CheckLoweringPass",
        # object
        "emit-objects": "zellige.backend.llvm.emit_objects:EmitObjectsPass",
        "check-object": "zellige.passes.checks.check_object:CheckObjectPass",
    }
)


def _attribute(target: str) -> object:
    module, _, name = target.partition(":")
    return cast("object", getattr(import_module(module), name))


def load_dialect(name: str) -> Dialect:
    """The dialect that the table has under this name."""
    return cast("Dialect", _attribute(DIALECTS[name]))


def load_pass(name: str) -> type[ModulePass]:
    """The pass class that the table has under this name."""
    return cast("type[ModulePass]", _attribute(PASSES[name]))


def context() -> Context:
    """A context that knows all dialects of the table; each is imported when a text first mentions it."""
    known = Context()
    for name in DIALECTS:
        known.register_dialect(name, partial(load_dialect, name))
    return known


def known_passes() -> dict[str, Callable[[], type[ModulePass]]]:
    """All passes of the table as pass name -> function that imports and returns the class."""
    return {name: partial(load_pass, name) for name in PASSES}


def _is_ours(target: str) -> bool:
    return target.startswith("zellige.")


ZELLIGE = Universe(
    all_dialects={
        name: partial(load_dialect, name)
        for name, target in DIALECTS.items()
        if _is_ours(target) and name not in get_all_dialects()
    },
    all_passes={
        name: partial(load_pass, name)
        for name, target in PASSES.items()
        if _is_ours(target) and name not in get_all_passes()
    },
)
"""What we add to `xdsl-opt`: the passes and dialects whose names xDSL does not have; it refuses two of one name."""
