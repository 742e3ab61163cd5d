"""Random convolutions, poolings and resizings."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.fuzz.onnx_growing import FLOATS, Growing


def _images(g: Growing, types: tuple[str, ...], channels: int | None = None, spatial: int | None = None) -> str:
    """Images with one to three dimensions in space."""
    if channels is None and g.choice.random() < 0.5:
        name = g.any(types, lambda array: array.ndim in (3, 4, 5) and 0 not in array.shape)
        if name is not None and spatial in (None, g.values[name].ndim - 2):
            return name
    dims = spatial or g.choice.choice((1, 2, 2, 2, 3))
    shape = [g.choice.choice((4, 5, 6, 7, 8, 9, 12)[: 7 if dims < 3 else 3]) for _ in range(dims)]
    return g.leaf(
        g.choice.choice(types), (g.choice.choice((1, 1, 2)), channels or g.choice.choice((1, 2, 3, 4, 6)), *shape)
    )


def _window(g: Growing, sizes: tuple[int, ...], *, has_dilations: bool = True) -> dict[str, Any]:
    """A kernel with odd attributes that fits into images of these sizes."""
    kernel = [g.choice.choice([k for k in (1, 2, 3, 3, 5) if k <= size + 2]) for size in sizes]
    found: dict[str, Any] = {"kernel_shape": kernel, "strides": g.maybe([g.choice.choice((1, 1, 2, 3)) for _ in sizes])}
    if has_dilations:
        found["dilations"] = g.maybe([g.choice.choice((1, 1, 2, 3)) for _ in sizes], 0.4)
    padding = g.choice.choice(("none", "pads", "pads", "SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET"))
    if padding == "pads":
        found["pads"] = [g.choice.randint(0, k - 1) for k in kernel * 2]
    elif padding != "none":
        found["auto_pad"] = padding
    return found


def convolution(g: Growing) -> None:
    x = _images(g, ("float32", "float32", "float64", "float16"))
    array = g.values[x]
    group = g.choice.choice([n for n in range(1, array.shape[1] + 1) if array.shape[1] % n == 0])
    window = _window(g, array.shape[2:])
    features = group * g.choice.choice((1, 2, 3))
    w = g.leaf(array.dtype.name, (features, array.shape[1] // group, *window["kernel_shape"]))
    if g.flag():
        del window["kernel_shape"]
    g.add("Conv", [x, w, g.maybe(g.leaf(array.dtype.name, (features,)))], group=group, **window)


def transposed_convolution(g: Growing) -> None:
    x = _images(g, ("float32", "float32", "float64"))
    array = g.values[x]
    group = g.choice.choice([n for n in range(1, array.shape[1] + 1) if array.shape[1] % n == 0])
    window = _window(g, array.shape[2:])
    features = g.choice.choice((1, 2, 3))
    w = g.leaf(array.dtype.name, (array.shape[1], features, *window["kernel_shape"]))
    strides = window["strides"] or [1] * (array.ndim - 2)
    form = g.choice.choice(("plain", "plain", "padding", "shape"))
    if form == "padding":
        window["output_padding"] = [g.choice.randint(0, s - 1) for s in strides]
    elif form == "shape":
        window.pop("pads", None)
        window["auto_pad"] = g.maybe(g.choice.choice(("SAME_UPPER", "SAME_LOWER")))
        window["output_shape"] = [n * s for n, s in zip(array.shape[2:], strides, strict=True)]
    bias = g.maybe(g.leaf(array.dtype.name, (features * group,)))
    g.add("ConvTranspose", [x, w, bias], group=group, **window)


def pooling(g: Growing) -> None:
    kind = g.choice.choice(("MaxPool", "MaxPool", "AveragePool", "AveragePool", "LpPool"))
    types = ("float32", "float32", "float64", "float16")
    x = _images(g, (*types, "uint8", "int8") if kind == "MaxPool" and g.opset >= 12 else types)
    has_dilations = (kind == "MaxPool" and g.opset >= 10) or (g.opset >= 19 if kind == "AveragePool" else g.opset >= 18)
    window = _window(g, g.values[x].shape[2:], has_dilations=has_dilations)
    if (kind == "LpPool" and g.opset >= 18) or (kind != "LpPool" and g.opset >= 10):
        window["ceil_mode"] = g.maybe(g.flag())
    if kind == "AveragePool":
        window["count_include_pad"] = g.maybe(g.flag())
    if kind == "LpPool":
        window["p"] = g.choice.choice((1, 2, 3))
    results = 2 if kind == "MaxPool" and g.choice.random() < 0.2 else 1
    if results == 2:
        window["storage_order"] = g.maybe(g.flag(), 0.2)
    g.add(kind, [x], results, **window)


def global_pooling(g: Growing) -> None:
    g.add(g.choice.choice(("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool")), [_images(g, FLOATS)])


def resize(g: Growing) -> None:
    x = _images(g, ("float32", "float32", "float64", "float16"), spatial=g.choice.choice((1, 2, 2)))
    shape = g.values[x].shape
    mode = g.choice.choice(
        ("nearest", "linear", "cubic") if g.opset >= 11 and len(shape) == 4 else ("nearest", "linear")
    )
    scales = np.array([1, 1, *(g.choice.choice((0.5, 0.6, 1, 1.5, 2, 3)) for _ in shape[2:])], np.float32)
    if g.opset < 10:
        scales = np.maximum(scales, 1)
        g.add(
            "Upsample",
            [x, g.constant(scales)] if g.opset >= 9 else [x],
            mode=mode,
            scales=None if g.opset >= 9 else scales.tolist(),
        )
        return
    if g.opset == 10:
        g.add("Resize", [x, g.constant(scales)], mode=mode)
        return
    attributes: dict[str, Any] = {"mode": mode}
    places = [
        "half_pixel",
        "align_corners",
        "asymmetric",
        "pytorch_half_pixel",
        *(["half_pixel_symmetric"] if g.opset >= 19 else []),
    ]
    attributes["coordinate_transformation_mode"] = g.maybe(g.choice.choice(places), 0.8)
    if mode == "nearest":
        rounding = ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")
        attributes["nearest_mode"] = g.maybe(g.choice.choice(rounding), 0.8)
    if mode == "cubic":
        attributes["cubic_coeff_a"] = g.maybe(-0.5)
        attributes["exclude_outside"] = g.maybe(g.flag())
    if g.opset >= 18 and mode != "nearest":
        attributes["antialias"] = g.maybe(g.flag(), 0.3)
    nothing = g.constant(np.zeros(0, np.float32)) if g.opset < 13 else None
    if g.flag():
        g.add("Resize", [x, nothing, g.constant(scales)], **attributes)
    else:
        sizes = [*shape[:2], *(max(1, int(n * s)) for n, s in zip(shape[2:], scales[2:], strict=True))]
        if g.opset >= 18 and g.choice.random() < 0.3:
            attributes["keep_aspect_ratio_policy"] = g.choice.choice(("stretch", "not_larger", "not_smaller"))
            attributes["axes"] = list(range(2, len(shape)))
            sizes = sizes[2:]
        g.add("Resize", [x, nothing, None if g.opset >= 13 else nothing, g.ints(sizes)], **attributes)


def sampling(g: Growing) -> None:
    if g.opset < 16:
        return
    x = _images(g, ("float32",), spatial=2)
    n = g.values[x].shape[0]
    grid = g.input(
        g.numbers.uniform(-1.3, 1.3, (n, g.choice.randint(1, 4), g.choice.randint(1, 4), 2)).astype(np.float32)
    )
    modes = ("bilinear", "nearest", "bicubic") if g.opset < 20 else ("linear", "nearest", "cubic")
    padding = g.maybe(g.choice.choice(("zeros", "border", "reflection")))
    g.add("GridSample", [x, grid], mode=g.choice.choice(modes), padding_mode=padding, align_corners=g.maybe(g.flag()))


def columns(g: Growing) -> None:
    if g.opset < 18:
        return
    image = [g.choice.randint(3, 6) for _ in range(2)]
    block = [g.choice.randint(1, 3) for _ in range(2)]
    strides = [g.choice.randint(1, 2) for _ in range(2)]
    count = int(np.prod([(i - b) // s + 1 for i, b, s in zip(image, block, strides, strict=True)]))
    x = g.leaf("float32", (g.choice.randint(1, 2), 2 * block[0] * block[1], count))
    g.add("Col2Im", [x, g.ints(image), g.ints(block)], strides=strides)


FAMILY = {
    convolution: 6,
    transposed_convolution: 3,
    pooling: 6,
    global_pooling: 1,
    resize: 4,
    sampling: 1,
    columns: 1,
}
