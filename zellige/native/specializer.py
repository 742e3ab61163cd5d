"""The specialiser: native code for built-in functions, where it may be used (`docs/design/builtins.md`).

What was decided about a module is kept in the cache, so that loading it again needs neither the linker nor the
compiler: `zellige.native.planning` is imported only to decide, or to rewrite a module.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from zellige.artifact import Artifact
from zellige.native.plan import RULES, Plan, Wishes
from zellige.runtime.cache import Cache
from zellige.runtime.errors import SpecializeWarning, warn_caller
from zellige.runtime.machine_code import MachineCode
from zellige.runtime.native_functions import NativeFunction
from zellige.runtime.processor import Processor
from zellige.runtime.specialization import LoadedForm, portable
from zellige.support.errors import RuntimeTrap, ZelligeError
from zellige.template_database import read_database


class Planning(Protocol):
    """What `zellige.native.planning` does."""

    def make_plan(
        self, artifact: Artifact, digest: bytes, database: bytes | None, wishes: Wishes, cache: Cache
    ) -> Plan: ...

    def specialize(self, module: bytes, chosen: Sequence[int]) -> bytes: ...


def _planning() -> Planning:
    return cast("Planning", import_module("zellige.native.planning"))


@dataclass(frozen=True)
class KernelSpecializer:
    """Replaces the kernels of a program by templates: those of the file `templates`, or made from the module's text.

    Of the processor only `features` are used, without them all. With `verify`, templates run beside their bodies on a
    small sample before they are used; with `strict`, they have to be equal bit by bit.

    What is wrong with the file or with templates is one `SpecializeWarning`, and portable bodies run; with
    `is_required` it is a `RuntimeTrap` (code `specialize`). A file that cannot be read is a `UsageError`.
    """

    templates: Path | None = None
    features: frozenset[str] | None = None
    verify: bool = False
    strict: bool = False
    is_required: bool = False

    def __call__(self, artifact: Artifact, digest: bytes, processor: Processor, cache: Cache) -> LoadedForm:
        """Raises as the class says."""
        usable = processor if self.features is None else processor.within(self.features)
        wishes = Wishes(usable, self.verify, self.strict)
        database = read_database(self.templates) if self.templates is not None else None
        name = f"{wishes.key(digest, database)}.plan"
        kept = None if self.verify else cache.read(name)
        try:
            if kept is not None:
                plan = Plan.from_bytes(kept)
                form = form_of(artifact, digest, plan)
            else:
                plan = _planning().make_plan(artifact, digest, database, wishes, cache)
                form = form_of(artifact, digest, plan)
                form = replace(form, module=partial(bytes, form.module()))  # here, where a refusal is no error
        except ZelligeError as cause:
            self._report(f"no native code is used: {cause.message}", cause)
            return replace(portable(artifact, digest), kernels=_kernels(artifact, {}, cause.message))
        if kept is None and not self.verify:
            cache.write(name, plan.to_bytes())
        if plan.problem:
            self._report(plan.problem)
        return replace(form, kernels=_kernels(artifact, plan.kernels, "it is no built-in function"))

    def _report(self, problem: str, cause: ZelligeError | None = None) -> None:
        if self.is_required:
            raise RuntimeTrap(problem, code="specialize", notes=() if cause is None else cause.notes) from cause
        warn_caller(problem, SpecializeWarning)


def _kernels(artifact: Artifact, known: Mapping[str, str], otherwise: str) -> dict[str, str]:
    """What becomes of each kernel of a program."""
    return {entry.name: known.get(entry.name, otherwise) for entry in artifact.program.entry_points}


def form_of(artifact: Artifact, digest: bytes, plan: Plan) -> LoadedForm:
    """A program as planned. Raises `RuntimeTrap` (code `specialize`) where machine code cannot be run."""
    if not plan.functions:
        return replace(portable(artifact, digest), kernels=plan.kernels)
    code = MachineCode([plan.code])
    (base,) = code.addresses
    natives = tuple(NativeFunction(f.name, base + f.entry_offset, f.scratch_bytes, code) for f in plan.functions)
    chosen = [function.function_index for function in plan.functions]
    source = hashlib.sha256(digest + f"{RULES}; {chosen}".encode()).digest()
    return LoadedForm(source, lambda: _planning().specialize(artifact.module, chosen), natives, plan.kernels)
