"""Programs that several commands run."""

from __future__ import annotations

import argparse

from zellige.native.loading import load
from zellige.runtime.program import Program
from zellige.tools.files import module_or_artifact


def load_program(path: str, options: argparse.Namespace) -> Program:
    """A program, loaded as the options say. Raises what `load_artifact` and `zellige.load` raise."""
    return load(
        module_or_artifact(path, options),
        parameters=options.parameter_file,
        specialize=options.specialize,
        templates=options.templates,
        verify=options.verify,
        strict=options.strict,
    )
