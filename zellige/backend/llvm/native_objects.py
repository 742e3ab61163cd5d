"""LLVM IR text to an object for a host processor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from zellige.backend.llvm.objects import binding, optimise, parsed

_SPEED_LEVEL = 3


@dataclass(frozen=True)
class HostMachine:
    """A processor as LLVM knows it: triple, name, features with `+` or `-`, and the bits of its vectors."""

    triple: str
    cpu: str
    features: tuple[str, ...]
    vector_bits: int


def emit_native_object(text: str, host: HostMachine) -> bytes:
    """The position independent ELF object of a module of LLVM IR. Raises `CompilerBug` for IR that LLVM refuses."""
    binding.initialize_all_targets()
    binding.initialize_all_asmprinters()
    machine = binding.Target.from_triple(host.triple).create_target_machine(
        cpu=host.cpu, features=",".join(host.features), opt=_SPEED_LEVEL, reloc="pic", codemodel="small"
    )
    header = f'target datalayout = "{machine.target_data}"\ntarget triple = "{host.triple}"\n'
    with parsed(optimise(header + text, machine, _SPEED_LEVEL)) as module:
        return cast("bytes", machine.emit_object(module))
