"""`zellige compile --native-templates`: the file of native code beside a module."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from zellige.artifact import Artifact
from zellige.compiler.observers import Progress
from zellige.native.equivalence import UNCHECKED, CheckedDatabase, check
from zellige.native.given_templates import load_with
from zellige.native.levels import Level
from zellige.native.templates import BuiltTemplates, build
from zellige.runtime.processor import this_processor
from zellige.template_database import DATABASE_SUFFIX


def write_templates(artifact: Artifact, levels: Sequence[Level], module: str, progress: Progress | None) -> Artifact:
    """Make and check templates, and write them beside the file that the module is going to be.

    Returns the artifact that has them on record. What has no template, or one that is not checked, is said on standard
    error. Raises `UsageError` when the file cannot be written.
    """
    built = build(artifact, levels, progress=progress.show if progress is not None else None)
    count = len(built.database.templates)
    if progress is not None:
        progress.show(count - 1, count, "check")
    checked = check(artifact, built.database, load_with, this_processor().features)
    if progress is not None:
        progress.clear()
    for note in _notes(built, checked):
        print(f"note: {note}", file=sys.stderr)
    checked.database.save(Path(module).with_suffix(DATABASE_SUFFIX))
    return artifact.with_template_database(hashlib.sha256(checked.database.to_bytes()).digest())


def _notes(built: BuiltTemplates, checked: CheckedDatabase) -> Iterator[str]:
    for omission in built.omissions:
        yield f"no {omission.level} template for '{omission.name}': {omission.reason}"
    for refusal in checked.refused:
        yield f"a template for '{refusal.template.name}' is left out: {refusal.reason}"
    templates = checked.database.templates
    if unchecked := sum(template.check == UNCHECKED for template in templates):
        yield f"{unchecked} of {len(templates)} templates are not checked: this processor cannot run them"
