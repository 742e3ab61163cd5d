"""The templates of a database against the bodies that they replace.

`docs/equivalence.md` says what is generated, what has to be equal, and where the bound comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

from zellige.analysis.rounding_steps import rounding_steps
from zellige.artifact import Artifact
from zellige.backend.wasm.template_section import templates_text
from zellige.compiler.source import read_module
from zellige.compiler.universe import context
from zellige.dialects.flow import executables
from zellige.native.comparison import compare_kernels
from zellige.native.generated_inputs import SAMPLE, Effort, thorough
from zellige.runtime.program import Program, load
from zellige.template_database import Check, Template, TemplateDatabase

Specialize = Callable[[Artifact, TemplateDatabase], Program]
"""Loads an artifact with these templates on a device of its own, without asking how they were checked."""

UNCHECKED = Check(0, bit_equal=False, max_relative_error=0.0)
"""Of a template that this machine cannot run."""


@dataclass(frozen=True)
class Refusal:
    """A template that is not equivalent to the body that it should replace."""

    template: Template
    reason: str


@dataclass(frozen=True)
class CheckedDatabase:
    """The database without the templates that were refused; the others say how they were checked."""

    database: TemplateDatabase
    refused: tuple[Refusal, ...]


def check(
    artifact: Artifact,
    database: TemplateDatabase,
    specialize: Specialize,
    features: Collection[str],
    *,
    effort: Effort | None = None,
    seed: int = 0,
    cache: bool | str | Path = False,
) -> CheckedDatabase:
    """Compare each template with its portable body, on some thousand inputs in all, which follow from `seed`.

    `features` are those of this machine's processor: a template that needs others is kept, as `UNCHECKED`. `cache` is
    where native code of the portable module is kept, as for `load`.
    """
    how = effort if effort is not None else thorough(len(database.templates))
    outcomes: dict[int, Template | Refusal] = {}
    groups: dict[tuple[str, ...], list[int]] = {}
    for position, template in enumerate(database.templates):
        groups.setdefault(template.features, []).append(position)
    for needed, positions in groups.items():
        templates = [database.templates[position] for position in positions]
        if set(needed) <= set(features):
            with load(artifact, cache=cache) as portable:
                found = _compare_all(artifact, portable, templates, specialize, how, seed)
        else:
            found = [replace(template, check=UNCHECKED) for template in templates]
        outcomes.update(zip(positions, found, strict=True))
    in_order = [outcomes[position] for position in range(len(outcomes))]
    return CheckedDatabase(
        TemplateDatabase(tuple(outcome for outcome in in_order if isinstance(outcome, Template))),
        tuple(outcome for outcome in in_order if isinstance(outcome, Refusal)),
    )


def check_sample(
    artifact: Artifact, database: TemplateDatabase, specialize: Specialize, cache: bool | str | Path = False
) -> tuple[Refusal, ...]:
    """The templates that differ from their portable bodies on a few inputs. This machine can run all of them."""
    features = {feature for template in database.templates for feature in template.features}
    return check(artifact, database, specialize, features, effort=SAMPLE, cache=cache).refused


def _compare_all(
    artifact: Artifact,
    portable: Program,
    templates: list[Template],
    specialize: Specialize,
    effort: Effort,
    seed: int,
) -> list[Template | Refusal]:
    outcomes: list[Template | Refusal] = []
    with specialize(artifact, TemplateDatabase(tuple(templates))) as specialized:
        for template in templates:
            seen = compare_kernels(portable, specialized, template.name, effort, seed)
            reason = seen.objection(lambda name=template.name: kernel_steps(artifact, name))
            if reason is None:
                checked = Check(seen.inputs, seen.bit_equal, seen.error)
                outcomes.append(replace(template, check=checked))
            else:
                outcomes.append(Refusal(template, reason))
    return outcomes


def kernel_steps(artifact: Artifact, name: str) -> int:
    """Roundings on the longest way to a result of a kernel, by the text that the module keeps; 0 for an unknown one."""
    text = templates_text(artifact.module)
    if text is None:
        return 0
    module = read_module(text, "<templates>", context())
    return sum(rounding_steps(e) for e in executables(module) if e.sym_name.data == name)
