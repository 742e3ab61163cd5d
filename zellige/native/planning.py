"""Deciding about a module: which of its functions are replaced, by what, and what a user is told about the others.

The compiler is imported only when templates are made or verified (`zellige.native.checked_templates`).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from typing import Protocol, cast

from zellige.artifact import Artifact
from zellige.backend.wasm.specialize import specialize
from zellige.native.choice import Choice, Chosen, choose
from zellige.native.plan import ChosenFunction, Plan, Wishes
from zellige.runtime.cache import Cache
from zellige.runtime.machine_code import ALIGNMENT_BYTES
from zellige.runtime.processor import Processor
from zellige.runtime.specialization import NATIVE
from zellige.support.errors import RuntimeTrap
from zellige.template_database import Template, TemplateDatabase

__all__ = ["make_plan", "specialize"]

NAMES_IN_A_MESSAGE = 3


class CheckedTemplates(Protocol):
    """What `zellige.native.checked_templates` does."""

    def make_templates(self, artifact: Artifact, processor: Processor, cache: Cache) -> TemplateDatabase: ...

    def differing(self, artifact: Artifact, templates: Sequence[Template], cache: Cache) -> dict[str, str]: ...


def _checked_templates() -> CheckedTemplates:
    return cast("CheckedTemplates", import_module("zellige.native.checked_templates"))


def make_plan(artifact: Artifact, digest: bytes, database: bytes | None, wishes: Wishes, cache: Cache) -> Plan:
    """What is replaced in a module, with the templates of a file, or of the module's own text.

    Raises `ZelligeError` where no template at all may be used.
    """
    templates = _made(artifact, digest, wishes, cache) if database is None else _admitted(artifact, database)
    choice = choose(artifact, templates, wishes.processor, strict=wishes.strict)
    return plan_of(_verified(artifact, choice, cache) if wishes.verify else choice)


def plan_of(choice: Choice) -> Plan:
    """The functions and code of a choice, and what a user should know of it."""
    code = bytearray()
    functions: list[ChosenFunction] = []
    kernels: dict[str, str] = {}
    for chosen in choice.chosen:
        record, template = chosen.record, chosen.template
        code.extend(bytes(-len(code) % ALIGNMENT_BYTES))
        entry = len(code) + template.entry_offset
        code.extend(template.code)
        functions.append(ChosenFunction(record.name, record.function_index, entry, template.scratch_bytes))
        kernels[record.name] = NATIVE
    kernels |= choice.refused | dict.fromkeys(choice.without_template, "no template was made for it")
    return Plan(tuple(functions), bytes(code), kernels, _problem(choice, len(kernels)))


def _made(artifact: Artifact, digest: bytes, wishes: Wishes, cache: Cache) -> TemplateDatabase:
    """Templates for this processor, made once."""
    name = f"{replace(wishes, strict=False).key(digest, None)}.hwdb"
    kept = cache.read(name)
    if kept is not None:
        return TemplateDatabase.from_bytes(kept)
    made = _checked_templates().make_templates(artifact, wishes.processor, cache)
    cache.write(name, made.to_bytes())
    return made


def _admitted(artifact: Artifact, content: bytes) -> TemplateDatabase:
    """The templates of a file that the module names."""
    database = TemplateDatabase.from_bytes(content)
    found, recorded = hashlib.sha256(content).digest(), artifact.template_databases
    if found not in recorded:
        known = ", ".join(sha256.hex() for sha256 in recorded[:NAMES_IN_A_MESSAGE]) or "none"
        raise RuntimeTrap(
            f"the template database was not made for this module: its SHA-256 is {found.hex()},"
            f" the module names {known}",
            code="templates",
        )
    return database


def _verified(artifact: Artifact, choice: Choice, cache: Cache) -> Choice:
    """The choice without the templates that differ from their bodies on a sample."""
    named = [replace(chosen.template, name=chosen.record.name) for chosen in choice.chosen]
    differing = _checked_templates().differing(artifact, named, cache) if named else {}
    reasons = {name: f"its template differs from it: {what}" for name, what in differing.items()}
    kept: list[Chosen] = [chosen for chosen in choice.chosen if chosen.record.name not in reasons]
    return replace(choice, chosen=tuple(kept), refused=choice.refused | reasons)


def _problem(choice: Choice, total: int) -> str:
    """One sentence with all reasons, empty where there are none."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    for name, reason in choice.refused.items():
        names[reason].append(name)
    parts = [f"{reason} ({_listed(refused)})" for reason, refused in names.items()]
    if parts:
        parts[0] = f"{len(choice.refused)} of {total} built-in functions run their portable bodies: {parts[0]}"
    if choice.unknown:
        parts.append(f"there are templates for functions that the module does not have ({_listed(choice.unknown)})")
    return "; ".join(parts)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:NAMES_IN_A_MESSAGE])
    return shown if len(names) <= NAMES_IN_A_MESSAGE else f"{shown} and {len(names) - NAMES_IN_A_MESSAGE} more"
