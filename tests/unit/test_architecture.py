"""The rules of the layout: who may import whom, and that names of passes, files, classes and tests agree."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from zellige.compiler.universe import DIALECTS, PASSES, load_dialect, load_pass

REPOSITORY = Path(__file__).parents[2]
ROOT = REPOSITORY / "zellige"
FILECHECK = REPOSITORY / "tests" / "filecheck"

BASE = {"support", "element_types", "artifact", "parameter_file", "template_database"}
LEFT_OF: dict[str, set[str]] = {
    "support": set(),
    "element_types": set(),
    "parameter_file": {"support"},
    "artifact": {"support", "parameter_file"},
    "template_database": {"support"},
    "dialects": BASE,
    "maths": BASE,
    "analysis": BASE | {"dialects", "maths"},
    "passes": BASE | {"dialects", "maths", "analysis"},
    "frontends": BASE | {"dialects", "maths", "analysis", "passes"},
    "backend": BASE | {"dialects", "maths", "analysis", "passes"},
    "compiler": BASE | {"dialects", "maths", "analysis", "passes", "frontends", "backend"},
    "runtime": BASE,
    "native": BASE | {"dialects", "maths", "analysis", "passes", "frontends", "backend", "compiler", "runtime"},
    "tools": BASE | {"backend", "compiler", "runtime", "native"},
}
"""Layer -> the layers that it may import."""

OWNER = {
    "argparse": "tools",
    "llvmlite.binding": "backend/llvm",
    "wasmtime": "runtime",
    "elftools": "backend/llvm",
    "onnx": "frontends/onnx",
}
"""Module -> the folder that alone may import it."""

OUR_PASSES = sorted(name for name, target in PASSES.items() if target.startswith("zellige."))
OUR_DIALECTS = sorted(name for name, target in DIALECTS.items() if target.startswith("zellige."))


def imports(path: Path) -> Iterator[str]:
    """Full names of what a file imports; `from a import b` gives `a.b`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None, f"relative import in {path}"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_in(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def files_of(layer: str) -> list[Path]:
    single = ROOT / f"{layer}.py"
    return [single] if single.exists() else sorted((ROOT / layer).rglob("*.py"))


def test_each_file_is_in_a_layer() -> None:
    found = {path.relative_to(ROOT).parts[0].removesuffix(".py") for path in ROOT.rglob("*.py")}
    assert found - {"__init__"} <= set(LEFT_OF)


@pytest.mark.parametrize("layer", LEFT_OF)
def test_layers_import_only_to_the_left(layer: str) -> None:
    for path in files_of(layer):
        used = {name.split(".")[1] for name in imports(path) if is_in(name, "zellige") and name != "zellige"}
        extra = used - LEFT_OF[layer] - {layer}
        assert not extra, f"{path.relative_to(ROOT)} may not import {sorted(extra)}"


@pytest.mark.parametrize("layer", ["artifact", "parameter_file", "template_database", "runtime"])
def test_only_errors_are_taken_from_support(layer: str) -> None:
    for path in files_of(layer):
        used = {name for name in imports(path) if is_in(name, "zellige.support")}
        assert all(is_in(name, "zellige.support.errors") for name in used), f"{path.relative_to(ROOT)} uses {used}"


@pytest.mark.parametrize(("module", "owner"), OWNER.items())
def test_modules_have_one_owner(module: str, owner: str) -> None:
    for path in ROOT.rglob("*.py"):
        if not path.relative_to(ROOT).as_posix().startswith(f"{owner}/"):
            used = [name for name in imports(path) if is_in(name, module)]
            assert not used, f"{path.relative_to(ROOT)} imports {used}, which belongs to {owner}"


def test_passes_do_not_import_passes() -> None:
    passes = [PASSES[name].partition(":")[0] for name in OUR_PASSES]
    for path in (ROOT / "passes").rglob("*.py"):
        used = [name for name in imports(path) if any(is_in(name, module) for module in passes)]
        assert not used, f"{path.relative_to(ROOT)} imports {used}"


def test_folders_load_nothing() -> None:
    for path in ROOT.rglob("__init__.py"):
        assert path.parent == ROOT or not path.read_text(encoding="utf-8").strip(), f"{path} is not empty"


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import zellige", ["xdsl", "llvmlite", "wasmtime", "numpy"]),
        ("import zellige; zellige.load", ["xdsl", "llvmlite"]),
        ("import zellige.runtime.program", ["xdsl", "llvmlite"]),
        ("import zellige.artifact", ["xdsl", "llvmlite", "wasmtime", "numpy"]),
    ],
)
def test_import_is_light(statement: str, absent: list[str]) -> None:
    check_absent(statement, absent)


def test_maths_knows_no_ir() -> None:
    modules = [path.stem for path in (ROOT / "maths").glob("*.py") if path.stem != "__init__"]
    check_absent("; ".join(f"import zellige.maths.{module}" for module in modules), ["xdsl"])


def check_absent(statement: str, absent: list[str]) -> None:
    """Run `statement` in a fresh interpreter; none of `absent` may be loaded by it."""
    code = f"{statement}\nimport sys; print(*[name for name in {absent} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=REPOSITORY, check=True)
    assert run.stdout.split() == []


def test_each_pass_is_listed() -> None:
    listed = {load_pass(name) for name in OUR_PASSES}
    classes = {f"{kind.__module__}:{kind.__name__}" for kind in listed}
    for path in (ROOT / "passes").rglob("*.py"):
        module = ".".join(("zellige", *path.relative_to(ROOT).with_suffix("").parts))
        for name in re.findall(r"^class (\w+)\(ModulePass\)", path.read_text(encoding="utf-8"), re.MULTILINE):
            assert f"{module}:{name}" in classes, f"{module}:{name} is not in compiler/universe.py"


@pytest.mark.parametrize("name", OUR_PASSES)
def test_pass_file_class_and_tests_agree(name: str) -> None:
    kind = load_pass(name)
    assert kind.name == name
    assert kind.__name__ == "".join(word.capitalize() for word in name.split("-")) + "Pass"
    assert kind.__module__.split(".")[-1] == name.replace("-", "_")
    assert list((FILECHECK / "passes" / name).glob("*.mlir")), f"tests/filecheck/passes/{name} has no test"


@pytest.mark.parametrize("name", OUR_PASSES)
def test_pass_docstring_shows_the_ir(name: str) -> None:
    text = sys.modules[load_pass(name).__module__].__doc__ or ""
    assert text.startswith(f"{name}: ")
    if name.startswith("check-"):
        return  # reads only
    for word in ("Before", "After"):
        assert word in text, f"the docstring of {name} has no '{word}'"


def test_each_folder_of_pass_tests_belongs_to_a_pass() -> None:
    folders = {path.name for path in (FILECHECK / "passes").iterdir() if path.is_dir()}
    assert folders <= set(PASSES)


@pytest.mark.parametrize("name", OUR_DIALECTS)
def test_dialect_has_the_name_it_is_listed_under(name: str) -> None:
    assert load_dialect(name).name == name


def test_dialects_use_the_verifier_hooks_that_are_called() -> None:
    for path in (ROOT / "dialects").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                assert node.name not in ("_verify", "_verify_"), f"{path.relative_to(ROOT)}:{node.lineno}"
