"""The names of the package: all there, and loaded only when they are used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import zellige


@pytest.mark.parametrize("name", zellige.__all__)
def test_a_public_name_is_what_it_says(name: str) -> None:
    value = getattr(zellige, name)
    assert value.__name__ == name
    assert value.__module__.startswith("zellige.")
    assert name in dir(zellige)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"^module 'zellige' has no attribute 'complie'$"):
        _ = zellige.complie


def test_importing_the_package_imports_nothing_else() -> None:
    script = "import sys, zellige; assert not {'numpy', 'wasmtime', 'xdsl', 'llvmlite'} & set(sys.modules)"
    root = Path(zellige.__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
