"""The bytes of a program's parameters, from the artifact or from a file (`docs/design/parameters.md`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from zellige.artifact import Artifact
from zellige.parameter_file import PARAMETER_SUFFIX, ParameterFile
from zellige.support.errors import Note, UsageError

ParameterBytes = tuple[int, bytes | memoryview]
"""Where bytes belong, from the start of the region of constants on, and the bytes; a file's are mapped, not read."""


def parameter_bytes(artifact: Artifact, module: str | Path | None, file: str | Path | None) -> Sequence[ParameterBytes]:
    """All parameters of a program: of `file`, or else those that the artifact has, or else of the file beside `module`.

    Raises `UsageError` where there is no file, and for a file that cannot be read or that the program does not need,
    `RuntimeTrap` (code `parameters`) for one that does not have what the program needs.
    """
    needed = artifact.program.parameters
    if not needed:
        if file is not None:
            raise UsageError(f"the program has all of its parameters, and none are taken from '{file}'")
        return ()
    if file is None and all(parameter.name in artifact.parameters for parameter in needed):
        return [(parameter.offset, artifact.parameters[parameter.name].content) for parameter in needed]
    if file is None and module is not None and (beside := Path(module).with_suffix(PARAMETER_SUFFIX)).exists():
        file = beside
    if file is None:
        count = f"{len(needed)} parameter{'s' if len(needed) != 1 else ''}"
        hint = Note(f"give it with 'parameters=', or put it beside the module, with the suffix {PARAMETER_SUFFIX}")
        raise UsageError(f"the program needs {count} from a file, '{needed[0].name}' is the first", notes=(hint,))
    source = ParameterFile(file)
    return [(parameter.offset, source.tensor(parameter.name, parameter.dtype, parameter.shape)) for parameter in needed]
