"""Templates at load: made from the module's own text, and compared with the portable bodies on a sample."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from zellige.artifact import Artifact
from zellige.backend.wasm.template_section import TEMPLATES_SECTION, templates_text
from zellige.native.equivalence import check, check_sample
from zellige.native.generated_inputs import WHEN_MADE
from zellige.native.given_templates import load_with
from zellige.native.levels import LEVELS, best_levels
from zellige.native.templates import build
from zellige.runtime.cache import Cache
from zellige.runtime.processor import Processor
from zellige.support.errors import RuntimeTrap
from zellige.template_database import Template, TemplateDatabase


def make_templates(artifact: Artifact, processor: Processor, cache: Cache) -> TemplateDatabase:
    """Templates for a processor, without those that differ from their bodies.

    Raises `RuntimeTrap` (code `specialize`) for a processor that templates are not made for and a module without text
    to make them from, and what `build` raises.
    """
    levels = best_levels(processor.architecture, processor.features)
    if not levels:
        raise RuntimeTrap(
            f"templates are made for {', '.join(LEVELS)}, the processor has the features of none of them",
            code="specialize",
        )
    if templates_text(artifact.module) is None:
        raise RuntimeTrap(f"the module has no section '{TEMPLATES_SECTION}' to make templates from", code="specialize")
    built = build(artifact, levels).database
    folder = _folder(cache)
    specialize = partial(load_with, cache=folder)
    return check(artifact, built, specialize, processor.features, effort=WHEN_MADE, cache=folder).database


def differing(artifact: Artifact, templates: Sequence[Template], cache: Cache) -> dict[str, str]:
    """The templates that differ from the bodies of the same name on a sample, each with the reason."""
    folder = _folder(cache)
    specialize = partial(load_with, cache=folder)
    refused = check_sample(artifact, TemplateDatabase(tuple(templates)), specialize, folder)
    return {refusal.template.name: refusal.reason for refusal in refused}


def _folder(cache: Cache) -> bool | str:
    return False if cache.folder is None else str(cache.folder)
