"""The last phase: the objects and constants of a module, and its description, become one WebAssembly module.

The lowering phase leaves the description as module attribute `hal.program`, a string with the JSON of

    {"functions": […], "entry_points": […], "messages": […]}

whose elements have the fields of `FunctionInfo` and `EntryPointInfo`.
"""

from __future__ import annotations

import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import cast

from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, ModuleOp, StringAttr
from xdsl.ir import Attribute

from zellige.analysis.tensor_bytes import size_bytes
from zellige.artifact import ABI_VERSION, KERNELS_ARE_AVAILABLE, Artifact, ProgramInfo
from zellige.backend.wasm.builtin_section import FUNCTION, IS_AVAILABLE, Builtin
from zellige.backend.wasm.errors import LinkError, WasmFormatError
from zellige.backend.wasm.layout import Layout
from zellige.backend.wasm.link import ConstantSegment, LinkOptions, link
from zellige.compiler.options import CompileOptions
from zellige.dialects.hal import ConstantOp, ObjectOp
from zellige.dialects.intrinsic import BUILTIN, DETERMINISTIC, BuiltinAttr, TemplateOp, availability_function
from zellige.dialects.shaped_types import is_tensor
from zellige.parameter_file import ParameterTensor
from zellige.support.errors import CompileError, CompilerBug, RuntimeTrap
from zellige.support.printing import module_text

PROGRAM_ATTRIBUTE = "hal.program"


def link_module(
    module: ModuleOp, options: CompileOptions, parameters: Mapping[str, ParameterTensor] = MappingProxyType({})
) -> Artifact:
    """Link what the `object` phase left. `parameters` were taken out of the program; those that it needs go with it.

    Raises `CompileError` when `module` is not that.
    """
    program = _program(module, options)
    objects: list[tuple[str, bytes]] = []
    constants: list[ConstantSegment] = []
    builtins: list[Builtin] = []
    templates: list[str] = []
    kernels = {entry.name for entry in program.entry_points}
    for op in module.body.block.ops:
        match op:
            case ObjectOp():
                objects.append((op.sym_name.data, op.content.data.data))
                if (mark := op.attributes.get(BUILTIN)) is not None:
                    builtins.append(_builtin(op, mark, kernels))
            case TemplateOp():
                templates.append(op.text.data)
            case ConstantOp():
                constants.append(_segment(op))
            case _:
                expected = "hal.object, hal.constant or intrinsic.template"
                raise CompileError(f"expected {expected} after phase 'object', got {op.name}", op=op)
    exports = [*(function.name for function in program.functions), *(entry.name for entry in program.entry_points)]
    exports += [function.sizes_name for function in program.functions if not function.is_static]
    exports += [builtin.symbol for builtin in builtins if builtin.symbol == KERNELS_ARE_AVAILABLE]
    try:
        content = link(
            objects,
            constants,
            LinkOptions(
                options.profile,
                tuple(exports),
                options.features,
                builtins=tuple(builtins),
                templates=_templates_text(templates, options) if templates else "",
            ),
            lambda layout: _with_layout(program, layout),
        )
    except (LinkError, WasmFormatError) as cause:
        chosen = f"--profile {options.profile}{' --deterministic' if options.deterministic else ''}"
        raise CompilerBug(
            f"the objects do not link: {cause.message}",
            replay=f"// REPLAY: zellige compile %s -o replay.wasm --from link {chosen}\n{module_text(module)}",
        ) from cause
    needed = {parameter.name for parameter in program.parameters}
    return Artifact(content, {name: tensor for name, tensor in parameters.items() if name in needed})


def _segment(op: ConstantOp) -> ConstantSegment:
    offset, value = op.offset.value.data, op.value
    if isinstance(value, DenseIntOrFPElementsAttr):
        return ConstantSegment(offset, value.data.data)
    type_ = value.get_type()
    assert is_tensor(type_)
    return ConstantSegment(offset, reserved_bytes=size_bytes(type_))


def _builtin(op: ObjectOp, mark: Attribute, kernels: Container[str]) -> Builtin:
    """What the mark of an object says: of a kernel it means one workgroup, of others the function of its name."""
    if not isinstance(mark, BuiltinAttr):
        raise CompileError(f"expected '{BUILTIN}' to hold group and version, got {mark}", op=op)
    name = op.sym_name.data
    group, version = mark.place
    if name == availability_function(group):
        return Builtin(name, group, name.removeprefix(f"{group}."), version, IS_AVAILABLE)
    return Builtin(f"{name}.tile" if name in kernels else name, group, name, version, FUNCTION)


def _templates_text(templates: Sequence[str], options: CompileOptions) -> str:
    """One module with the executables of all templates; it says whether products may be fused with sums."""
    attributes = f" attributes {{{DETERMINISTIC}}}" if "relaxed-simd" not in options.features else ""
    return f"builtin.module{attributes} {{\n{''.join(templates)}}}\n"


def _with_layout(program: ProgramInfo, layout: Layout) -> ProgramInfo:
    return replace(
        program,
        memories=layout.memories,
        heap_base=layout.heap_base,
        constant_base=layout.constant_base,
        constant_bytes=layout.constant_bytes,
    )


def _program(module: ModuleOp, options: CompileOptions) -> ProgramInfo:
    """The description that the module carries, as far as it is known before linking."""
    attribute = module.attributes.get(PROGRAM_ATTRIBUTE)
    if not isinstance(attribute, StringAttr):
        raise CompileError(f"expected the program's description in the attribute '{PROGRAM_ATTRIBUTE}'", op=module)
    known = {"abi": ABI_VERSION, "profile": options.profile, "features": options.features, "memories": ()}
    unknown = {"heap_base": 0, "constant_base": 0, "constant_bytes": 0}
    try:
        described = cast("object", json.loads(attribute.data))
        if not isinstance(described, dict):
            raise CompileError(f"expected a JSON object in '{PROGRAM_ATTRIBUTE}', got {attribute.data!r}", op=module)
        return ProgramInfo.from_json(json.dumps({**described, **known, **unknown}).encode())
    except (ValueError, RuntimeTrap) as cause:
        raise CompileError(f"'{PROGRAM_ATTRIBUTE}' does not describe a program: {cause}", op=module) from cause
