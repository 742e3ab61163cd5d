"""The last phase: the objects and constants of a module, and its description, become one WebAssembly module.

The lowering phase leaves the description as module attribute `hal.program`, a string with the JSON of

    {"functions": […], "entry_points": […], "messages": […]}

whose elements have the fields of `FunctionInfo` and `EntryPointInfo`.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, cast

from xdsl.dialects.builtin import ModuleOp, StringAttr

from zellige.artifact import ABI_VERSION, Artifact, ProgramInfo
from zellige.backend.wasm.errors import LinkError, WasmFormatError
from zellige.backend.wasm.link import ConstantSegment, Layout, LinkOptions, link
from zellige.compiler.observers import ir_text
from zellige.compiler.options import CompileOptions
from zellige.dialects.hal import ConstantOp, ObjectOp
from zellige.support.errors import CompileError, CompilerBug, RuntimeTrap

PROGRAM_ATTRIBUTE = "hal.program"


def link_module(module: ModuleOp, options: CompileOptions) -> Artifact:
    """Link what the `object` phase left. Raises `CompileError` when `module` is not that."""
    description = _description(module)
    described = _describe(description, options, Layout(memories=(), heap_base=0, constant_base=0, constant_bytes=0))
    for op in module.body.block.ops:
        if not isinstance(op, ObjectOp | ConstantOp):
            raise CompileError(
                f"expected only hal.object and hal.constant after the phase 'object', got {op.name}", op=op
            )
    objects = [(op.sym_name.data, op.content.data.data) for op in module.body.block.ops if isinstance(op, ObjectOp)]
    constants = [
        ConstantSegment(op.offset.value.data, op.value.data.data)
        for op in module.body.block.ops
        if isinstance(op, ConstantOp)
    ]
    exports = [function.name for function in described.functions] + [entry.name for entry in described.entry_points]
    link_options = LinkOptions(profile=options.profile, exports=tuple(exports), features=options.features)
    try:
        content = link(objects, constants, link_options, lambda layout: _describe(description, options, layout))
    except (LinkError, WasmFormatError) as cause:
        raise CompilerBug(
            f"the objects do not link: {cause.message}",
            replay=f"// REPLAY: zellige compile %s --from link --profile {options.profile}\n{ir_text(module)}",
        ) from cause
    return Artifact(content)


def _description(module: ModuleOp) -> dict[str, Any]:
    attribute = module.attributes.get(PROGRAM_ATTRIBUTE)
    if not isinstance(attribute, StringAttr):
        raise CompileError(f"expected the program's description in the attribute '{PROGRAM_ATTRIBUTE}'", op=module)
    try:
        fields = json.loads(attribute.data)
    except ValueError as cause:
        raise CompileError(f"expected JSON in '{PROGRAM_ATTRIBUTE}', got {cause}", op=module) from cause
    if not isinstance(fields, dict):
        raise CompileError(f"expected a JSON object in '{PROGRAM_ATTRIBUTE}'", op=module)
    return cast("dict[str, Any]", fields)


def _describe(description: dict[str, Any], options: CompileOptions, layout: Layout) -> ProgramInfo:
    fields = {
        "abi": ABI_VERSION,
        "profile": options.profile,
        "features": options.features,
        "memories": [asdict(memory) for memory in layout.memories],
        "heap_base": layout.heap_base,
        "constant_base": layout.constant_base,
        "constant_bytes": layout.constant_bytes,
        **description,
    }
    try:
        return ProgramInfo.from_json(json.dumps(fields).encode())
    except RuntimeTrap as cause:
        raise CompileError(f"'{PROGRAM_ATTRIBUTE}' does not describe a program: {cause.message}") from cause
