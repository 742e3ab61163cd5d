"""Programs with exactly the templates that one has, for those who compare them with the portable bodies."""

from __future__ import annotations

from dataclasses import dataclass

from zellige.artifact import Artifact
from zellige.native.choice import choose
from zellige.native.planning import plan_of
from zellige.native.specializer import form_of
from zellige.runtime.cache import Cache
from zellige.runtime.processor import Processor
from zellige.runtime.program import Program, load
from zellige.runtime.specialization import LoadedForm
from zellige.support.errors import RuntimeTrap
from zellige.template_database import TemplateDatabase


@dataclass(frozen=True)
class GivenTemplates:
    """Replaces the kernels of a program by these templates, however they were checked and wherever they come from.

    Raises `RuntimeTrap` (code `specialize`) when one of them cannot be used.
    """

    database: TemplateDatabase

    def __call__(self, artifact: Artifact, digest: bytes, processor: Processor, cache: Cache) -> LoadedForm:
        """Raises as the class says."""
        plan = plan_of(choose(artifact, self.database, processor, strict=False))
        if plan.problem:
            raise RuntimeTrap(plan.problem, code="specialize")
        return form_of(artifact, digest, plan)


def load_with(artifact: Artifact, database: TemplateDatabase, cache: bool | str = True) -> Program:
    """A program with these templates, on a device of its own. Raises as `GivenTemplates` and `load` do."""
    return load(artifact, cache=cache, specializer=GivenTemplates(database))
