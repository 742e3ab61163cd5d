"""Train the classifier of `digits.mlir` on scikit-learn's 1,797 scans of handwritten digits, in plain numpy.

    pip install --group train
    python examples/digits/train.py

writes `digits.mlir`, the network with its weights, and `test_scans.npz`, the scans that training never saw. Both are
committed: run this only to change the network. The last fifth of the scans is held out.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from sklearn.datasets import load_digits

HERE = Path(__file__).resolve().parent
HELD_OUT = 360
FILTERS = 16
EPOCHS = 60
BATCH = 32
STEP = 3e-3
WEIGHT_DECAY = 1e-4
SEED = 7

Array = np.ndarray
Weights = dict[str, Array]


def initial_weights(random: np.random.Generator) -> Weights:
    return {
        "filters": random.normal(0, np.sqrt(2 / 9), (FILTERS, 3, 3)),
        "filter_bias": np.zeros(FILTERS),
        "dense": random.normal(0, np.sqrt(1 / (FILTERS * 16)), (FILTERS * 16, 10)),
        "dense_bias": np.zeros(10),
    }


def forward(weights: Weights, images: Array) -> tuple[Array, tuple[Array, Array, Array]]:
    """Scores [n, 10] of images [n, 8, 8], and what `gradients` needs."""
    windows = sliding_window_view(np.pad(images, ((0, 0), (1, 1), (1, 1))), (3, 3), axis=(1, 2))
    conv = np.einsum("nhwij,fij->nfhw", windows, weights["filters"], optimize=True)
    active = np.maximum(conv + weights["filter_bias"][:, None, None], 0)
    blocks = active.reshape(-1, FILTERS, 4, 2, 4, 2)
    pooled = blocks.max(axis=(3, 5))
    scores = pooled.reshape(len(images), -1) @ weights["dense"] + weights["dense_bias"]
    return scores, (windows, blocks, pooled)


def gradients(weights: Weights, images: Array, labels: Array) -> Weights:
    """Of the mean cross entropy."""
    scores, (windows, blocks, pooled) = forward(weights, images)
    slope = softmax(scores)
    slope[np.arange(len(labels)), labels] -= 1
    slope /= len(labels)
    towards_pooled = (slope @ weights["dense"].T).reshape(pooled.shape)
    is_largest = (blocks == pooled[:, :, :, None, :, None]) & (blocks > 0)
    towards_conv = (is_largest * towards_pooled[:, :, :, None, :, None]).reshape(-1, FILTERS, 8, 8)
    return {
        "filters": np.einsum("nhwij,nfhw->fij", windows, towards_conv, optimize=True),
        "filter_bias": towards_conv.sum(axis=(0, 2, 3)),
        "dense": pooled.reshape(len(images), -1).T @ slope,
        "dense_bias": slope.sum(axis=0),
    }


def softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def shifted(random: np.random.Generator, images: Array) -> Array:
    """Each image moved by up to one pixel, as another hand might have placed it."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    rows, columns = random.integers(0, 3, (2, len(images), 1, 1))
    return padded[
        np.arange(len(images))[:, None, None],
        rows + np.arange(8)[None, :, None],
        columns + np.arange(8)[None, None, :],
    ]


def train(images: Array, labels: Array) -> Weights:
    """Adam with a step that falls to zero along a cosine."""
    random = np.random.default_rng(SEED)
    weights = initial_weights(random)
    mean = {name: np.zeros_like(value) for name, value in weights.items()}
    square = {name: np.zeros_like(value) for name, value in weights.items()}
    batches = len(images) // BATCH
    for count in range(1, EPOCHS * batches + 1):
        if count % batches == 1:
            order = random.permutation(len(images))
        chosen = order[(count - 1) % batches * BATCH :][:BATCH]
        step = STEP * (1 + np.cos(np.pi * count / (EPOCHS * batches))) / 2
        for name, slope in gradients(weights, shifted(random, images[chosen]), labels[chosen]).items():
            mean[name] = 0.9 * mean[name] + 0.1 * slope
            square[name] = 0.999 * square[name] + 0.001 * slope**2
            move = mean[name] / (1 - 0.9**count) / (np.sqrt(square[name] / (1 - 0.999**count)) + 1e-8)
            weights[name] = weights[name] * (1 - step * WEIGHT_DECAY) - step * move
    return weights


def dense(values: Array) -> str:
    """A constant as MLIR text, its bytes in hexadecimal."""
    return f'dense<"0x{values.astype("<f4").tobytes().hex().upper()}">'


def mlir_text(weights: Weights) -> str:
    """The network on 8x8 pixels of 0 to 16: `@main` gives the probability of each digit, `@classify` the digit."""
    features = FILTERS * 16
    return f"""\
// A classifier of handwritten digits, with its weights. Written by train.py.

func.func private @scores(%image: tensor<1x8x8xf32>) -> tensor<1x10xf32> {{
  %zero = arith.constant 0.0 : f32
  %lowest = arith.constant 0xFF800000 : f32
  %filters = arith.constant {dense(weights["filters"])} : tensor<{FILTERS}x1x3x3xf32>
  %filter_bias = arith.constant {dense(weights["filter_bias"])} : tensor<{FILTERS}xf32>
  %dense = arith.constant {dense(weights["dense"])} : tensor<{features}x10xf32>
  %dense_bias = arith.constant {dense(weights["dense_bias"])} : tensor<10xf32>

  // a 3x3 convolution with a border of zeros, {FILTERS} filters
  %batch = tensor.expand_shape %image [[0, 1], [2], [3]] output_shape [1, 1, 8, 8]
      : tensor<1x8x8xf32> into tensor<1x1x8x8xf32>
  %padded = tensor.pad %batch low[0, 0, 1, 1] high[0, 0, 1, 1] {{
  ^bb0(%n: index, %c: index, %h: index, %w: index):
    tensor.yield %zero : f32
  }} : tensor<1x1x8x8xf32> to tensor<1x1x10x10xf32>
  %maps = tensor.empty() : tensor<1x{FILTERS}x8x8xf32>
  %biased = linalg.broadcast ins(%filter_bias : tensor<{FILTERS}xf32>)
      outs(%maps : tensor<1x{FILTERS}x8x8xf32>) dimensions = [0, 2, 3]
  %conv = linalg.conv_2d_nchw_fchw {{dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>}}
      ins(%padded, %filters : tensor<1x1x10x10xf32>, tensor<{FILTERS}x1x3x3xf32>)
      outs(%biased : tensor<1x{FILTERS}x8x8xf32>) -> tensor<1x{FILTERS}x8x8xf32>

  // relu, and the largest of each 2x2 pixels
  %relu = linalg.generic {{
      indexing_maps = [affine_map<(n, c, h, w) -> (n, c, h, w)>, affine_map<(n, c, h, w) -> (n, c, h, w)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}}
      ins(%conv : tensor<1x{FILTERS}x8x8xf32>) outs(%maps : tensor<1x{FILTERS}x8x8xf32>) {{
  ^bb0(%value: f32, %unused: f32):
    %positive = arith.maximumf %value, %zero : f32
    linalg.yield %positive : f32
  }} -> tensor<1x{FILTERS}x8x8xf32>
  %pooled_empty = tensor.empty() : tensor<1x{FILTERS}x4x4xf32>
  %pooled_init = linalg.fill ins(%lowest : f32)
      outs(%pooled_empty : tensor<1x{FILTERS}x4x4xf32>) -> tensor<1x{FILTERS}x4x4xf32>
  %window = tensor.empty() : tensor<2x2xf32>
  %pooled = linalg.pooling_nchw_max {{dilations = dense<1> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>}}
      ins(%relu, %window : tensor<1x{FILTERS}x8x8xf32>, tensor<2x2xf32>)
      outs(%pooled_init : tensor<1x{FILTERS}x4x4xf32>) -> tensor<1x{FILTERS}x4x4xf32>

  // a score for each digit
  %features = tensor.collapse_shape %pooled [[0], [1, 2, 3]]
      : tensor<1x{FILTERS}x4x4xf32> into tensor<1x{features}xf32>
  %empty = tensor.empty() : tensor<1x10xf32>
  %init = linalg.broadcast ins(%dense_bias : tensor<10xf32>) outs(%empty : tensor<1x10xf32>) dimensions = [0]
  %scores = linalg.matmul ins(%features, %dense : tensor<1x{features}xf32>, tensor<{features}x10xf32>)
      outs(%init : tensor<1x10xf32>) -> tensor<1x10xf32>
  func.return %scores : tensor<1x10xf32>
}}

// The probability of each digit.
func.func @main(%image: tensor<1x8x8xf32>) -> tensor<1x10xf32> {{
  %scores = func.call @scores(%image) : (tensor<1x8x8xf32>) -> tensor<1x10xf32>
  %empty = tensor.empty() : tensor<1x10xf32>
  %probabilities = linalg.softmax dimension(1)
      ins(%scores : tensor<1x10xf32>) outs(%empty : tensor<1x10xf32>) -> tensor<1x10xf32>
  func.return %probabilities : tensor<1x10xf32>
}}

// The digit with the highest score.
func.func @classify(%image: tensor<1x8x8xf32>) -> tensor<1xi64> {{
  %scores = func.call @scores(%image) : (tensor<1x8x8xf32>) -> tensor<1x10xf32>
  %zero = arith.constant 0 : i64
  %lowest = arith.constant 0xFF800000 : f32
  %empty_score = tensor.empty() : tensor<1xf32>
  %empty_digit = tensor.empty() : tensor<1xi64>
  %first_score = linalg.fill ins(%lowest : f32) outs(%empty_score : tensor<1xf32>) -> tensor<1xf32>
  %first_digit = linalg.fill ins(%zero : i64) outs(%empty_digit : tensor<1xi64>) -> tensor<1xi64>
  %best:2 = linalg.generic {{
      indexing_maps = [affine_map<(n, k) -> (n, k)>, affine_map<(n, k) -> (n)>, affine_map<(n, k) -> (n)>],
      iterator_types = ["parallel", "reduction"]}}
      ins(%scores : tensor<1x10xf32>) outs(%first_score, %first_digit : tensor<1xf32>, tensor<1xi64>) {{
  ^bb0(%score: f32, %best_score: f32, %best_digit: i64):
    %position = linalg.index 1 : index
    %digit = arith.index_cast %position : index to i64
    %is_better = arith.cmpf ogt, %score, %best_score : f32
    %new_score = arith.select %is_better, %score, %best_score : f32
    %new_digit = arith.select %is_better, %digit, %best_digit : i64
    linalg.yield %new_score, %new_digit : f32, i64
  }} -> (tensor<1xf32>, tensor<1xi64>)
  func.return %best#1 : tensor<1xi64>
}}
"""


def main() -> None:
    scans = load_digits()
    images, labels = scans.images.astype("<f4"), scans.target.astype(np.uint8)
    weights = train(images[:-HELD_OUT] / 16, labels[:-HELD_OUT])
    weights["filters"] /= 16  # the program takes pixels as they are, 0 to 16
    test_images, test_labels = images[-HELD_OUT:], labels[-HELD_OUT:]
    scores, _ = forward(weights, test_images)
    print(f"accuracy on {HELD_OUT} held-out scans: {(scores.argmax(axis=1) == test_labels).mean():.3f}")
    (HERE / "digits.mlir").write_text(mlir_text(weights))
    np.savez_compressed(HERE / "test_scans.npz", images=test_images.astype(np.uint8), labels=test_labels)


if __name__ == "__main__":
    main()
