"""Making templates: from the text of kernels that a module carries to machine code for feature levels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.linalg.ops import GenericOp

from zellige.analysis.builtins import obstacle
from zellige.analysis.dot_products import dot_product
from zellige.artifact import KERNEL_GROUP, Artifact
from zellige.backend.llvm.flat_code import FlatCode
from zellige.backend.llvm.native_entry import KernelSignature
from zellige.backend.wasm.builtin_section import BuiltinRecord
from zellige.backend.wasm.reader import read
from zellige.backend.wasm.specialize import called_by_exports, matching
from zellige.backend.wasm.template_section import templates_text
from zellige.compiler.source import read_module
from zellige.compiler.universe import context
from zellige.dialects.flow import ExecutableOp, executables
from zellige.dialects.intrinsic import DETERMINISTIC
from zellige.native.equivalence import UNCHECKED
from zellige.native.kernels import ModuleTraits, compile_kernel, lower_kernel
from zellige.native.levels import Level
from zellige.support.errors import CompileError, CompilerBug
from zellige.template_database import Footprint, Template, TemplateDatabase, convention

Progress = Callable[[int, int, str], None]
"""Told before each kernel: how many are done, how many there are, and its name."""


@dataclass(frozen=True)
class Omission:
    """A kernel that has no template for a level, and why."""

    name: str
    level: str
    reason: str


@dataclass(frozen=True)
class BuiltTemplates:
    """Templates that are not checked yet, and what has none."""

    database: TemplateDatabase
    omissions: tuple[Omission, ...]


def build(artifact: Artifact, levels: Sequence[Level], *, progress: Progress | None = None) -> BuiltTemplates:
    """Templates for the kernels of a module that are built-in functions, for each of `levels`.

    Where a kernel is the same LLVM IR for two levels of one processor, it gets one template, for the level that comes
    first. One that cannot be lowered is an omission. Raises `CompileError` when the text in the module cannot be read,
    and `RuntimeTrap` or `WasmFormatError` for a module that zellige did not make.
    """
    text = templates_text(artifact.module)
    if text is None:
        return BuiltTemplates(TemplateDatabase(()), ())
    known = context()
    bodies = _bodies(artifact)
    module = read_module(text, "<templates>", known)
    kernels = [(bodies[name], kernel) for kernel in executables(module) if (name := kernel.sym_name.data) in bodies]
    traits = ModuleTraits(
        fused=DETERMINISTIC not in module.attributes,
        has_constant_memory=any(memory.name == "constant" for memory in artifact.program.memories),
    )
    outcomes: list[Template | Omission] = []
    for done, (body, kernel) in enumerate(kernels):
        if progress is not None:
            progress(done, len(kernels), body.record.name)
        outcomes += _templates(body, kernel, levels, traits, known)
    return BuiltTemplates(
        TemplateDatabase(tuple(outcome for outcome in outcomes if isinstance(outcome, Template))),
        tuple(outcome for outcome in outcomes if isinstance(outcome, Omission)),
    )


@dataclass(frozen=True)
class _Body:
    """A built-in function of the module, and the value types of its parameters."""

    record: BuiltinRecord
    parameters: tuple[str, ...]


def _bodies(artifact: Artifact) -> dict[str, _Body]:
    """The bodies of kernels by name. The name is that of the entry point too: only the one that it calls counts."""
    module = read(artifact.module)
    called = called_by_exports(module)
    return {
        record.name: _Body(record, module.types[module.function_types[record.function_index]].params)
        for record in matching(artifact.module)
        if record.group == KERNEL_GROUP and called.get(record.name) == (record.function_index,)
    }


def _templates(
    body: _Body, kernel: ExecutableOp, levels: Sequence[Level], traits: ModuleTraits, known: Context
) -> Iterator[Template | Omission]:
    record = body.record
    reason = obstacle(kernel)  # the text came with the module, so what was outlined is asked for again
    if reason is not None:
        yield from (Omission(record.name, level.name, reason) for level in levels)
        return
    seen: set[tuple[str, str]] = set()
    for level in levels:
        if seen and level.dot_products and not _has_dot_products(kernel):
            continue  # all that the level has more
        try:
            native = lower_kernel(ModuleOp([kernel.clone()]), level, traits, known)
            if native.signature.wasm_parameters != body.parameters:
                yield Omission(record.name, level.name, _other_parameters(native.signature, body))
                continue
            identity = (level.machine.cpu, native.text)
            if identity not in seen:
                seen.add(identity)
                yield _template(record, level, native.signature, compile_kernel(native, level))
        except (CompileError, CompilerBug) as error:
            yield Omission(record.name, level.name, error.message)


def _other_parameters(signature: KernelSignature, body: _Body) -> str:
    """Native code would take what is no argument for one."""
    found, expected = ", ".join(signature.wasm_parameters), ", ".join(body.parameters)
    return f"its text has the parameters ({found}), its body ({expected})"


def _has_dot_products(kernel: ExecutableOp) -> bool:
    return any(isinstance(op, GenericOp) and dot_product(op) is not None for op in kernel.kernel.walk())


def _template(record: BuiltinRecord, level: Level, signature: KernelSignature, flat: FlatCode) -> Template:
    return Template(
        name=record.name,
        digest=record.digest,
        group=record.group,
        version=record.version,
        features=level.features,
        convention=convention(level.architecture),
        code=flat.code,
        entry_offset=flat.entry_offset,
        scratch_bytes=signature.scratch_offsets[-1],
        footprint=tuple(
            Footprint(number, buffer.memory, buffer.size_bytes, buffer.access, buffer.alignment)
            for number, buffer in signature.buffers
        ),
        workgroups=signature.workgroups,
        check=UNCHECKED,
    )
