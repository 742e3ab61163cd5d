"""`zellige compile --native-templates`: the file of native code beside a module."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

from zellige.artifact import Artifact
from zellige.compiler.observers import Progress
from zellige.native.levels import Level
from zellige.native.templates import build

DATABASE_SUFFIX = ".hwdb"


def write_templates(artifact: Artifact, levels: Sequence[Level], module: str, progress: Progress | None) -> Artifact:
    """Write templates beside the file that the module is going to be; the artifact that has them on record.

    Kernels without a template are listed on standard error. Raises `UsageError` when the file cannot be written.
    """
    built = build(artifact, levels, progress=progress.show if progress is not None else None)
    if progress is not None:
        progress.clear()
    for omission in built.omissions:
        print(f"note: no {omission.level} template for '{omission.name}': {omission.reason}", file=sys.stderr)
    content = built.database.to_bytes()
    built.database.save(Path(module).with_suffix(DATABASE_SUFFIX))
    return artifact.with_template_database(hashlib.sha256(content).digest())
