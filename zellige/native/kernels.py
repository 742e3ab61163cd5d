"""One kernel: from its text in a module to LLVM IR for a machine, and from there to machine code."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import llvm
from xdsl.dialects.builtin import ModuleOp

from zellige.analysis.kernel_functions import bindings_of, local_buffer_bytes, tile_function
from zellige.artifact import BUFFER_KINDS, BindingInfo
from zellige.backend.llvm.flat_code import FlatCode, flatten
from zellige.backend.llvm.native_entry import ENTRY, Buffer, KernelSignature, Scalar, entry_text
from zellige.backend.llvm.native_objects import emit_native_object
from zellige.backend.llvm.translate import translate
from zellige.compiler.native_phases import native_pipeline
from zellige.compiler.pipeline import Pipeline
from zellige.compiler.universe import known_passes
from zellige.dialects.flow import executables
from zellige.native.levels import Level
from zellige.support.errors import CompileError

MAX_BUFFER_BYTES = (1 << 31) - 1
"""Places in a buffer are signed numbers of 32 bits in native code."""

_SCALARS = {"f32": "float", "f64": "double", "index": "i32"}
_ODD_SIZES = {"i1": 1, "index": 4}


@dataclass(frozen=True)
class ModuleTraits:
    """What the module of a kernel says of how its code is made.

    `fused` lets a multiplication and an addition be one instruction; `has_constant_memory` says that constants are not
    in device memory.
    """

    fused: bool
    has_constant_memory: bool


@dataclass(frozen=True)
class NativeKernel:
    """A kernel as LLVM IR text, with its function for a host."""

    text: str
    signature: KernelSignature


def lower_kernel(module: ModuleOp, level: Level, traits: ModuleTraits, context: Context) -> NativeKernel:
    """Lower the one executable of a module, which is used up, for a level. Raises `CompileError`."""
    pipeline = native_pipeline(
        level.target, level.machine.vector_bits, deterministic=not traits.fused, dot_products=level.dot_products
    )
    Pipeline.parse(pipeline, known_passes()).run(context, module, verify_each=False)
    (executable,) = executables(module)
    tile = tile_function(executable)
    tile.linkage = llvm.LinkageAttr("internal")
    signature = KernelSignature(
        tile.sym_name.data,
        tuple(_parameter(binding, tile) for binding in bindings_of(tile)),
        executable.workgroup_counts,
        local_buffer_bytes(tile),
        traits.has_constant_memory,
    )
    # Memories are told apart by their bases, which the entry has added to the addresses.
    kernel = translate([tile]).replace(" addrspace(2)", "").replace(" addrspace(3)", "")
    return NativeKernel(kernel + entry_text(signature), signature)


def compile_kernel(kernel: NativeKernel, level: Level) -> FlatCode:
    """Machine code for a level. Raises `CompilerBug`."""
    return flatten(emit_native_object(kernel.text, level.machine), ENTRY)


def _parameter(binding: BindingInfo, tile: llvm.FuncOp) -> Buffer | Scalar:
    if not binding.is_buffer:
        return Scalar(_SCALARS.get(binding.kind, binding.kind))
    if binding.size_bytes > MAX_BUFFER_BYTES:
        raise CompileError(f"a buffer has {binding.size_bytes} bytes, native code reaches {MAX_BUFFER_BYTES}", op=tile)
    assert binding.kind in BUFFER_KINDS
    return Buffer(
        "constant" if binding.kind == "constant" else "device",
        binding.size_bytes,
        _element_bytes(binding.dtype),
        binding.dtype,
        is_read=binding.is_read,
        is_written=binding.is_written,
        may_alias=binding.may_alias,
    )


def _element_bytes(dtype: str) -> int:
    return _ODD_SIZES.get(dtype) or int(dtype[1:]) // 8
