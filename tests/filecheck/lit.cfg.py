"""lit: every `.mlir` file below this folder is a test. `ROUNDTRIP` prints, parses and prints; `DIAG` checks errors."""

import os
import sys

import lit.formats

root = os.path.normpath(os.path.join(os.path.dirname(__file__), "..", ".."))

config.name = "zellige"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir"]
config.test_source_root = os.path.dirname(__file__)
config.environment["PYTHONPATH"] = root
config.environment["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), config.environment["PATH"]])

opt = f"{sys.executable} -m zellige.tools.opt"
config.substitutions += [
    ("ROUNDTRIP", f"{opt} %s | {opt} | filecheck %s"),
    ("DIAG", f"{opt} %s --verify-diagnostics"),
    ("zellige-opt", opt),
    ("zellige compile", f"{sys.executable} -m zellige.tools.main compile"),
]
