# pyright: basic
# The packages need not be installed, so that their functions have no types here.
"""Functions of jax.scipy and jax.nn."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np

from tests.long.jax_programs.case import Case, booleans, complexes, floats, integers, words

jax: Any = import_module("jax")
jnp: Any = import_module("jax.numpy")
special: Any = import_module("jax.scipy.special")
stats: Any = import_module("jax.scipy.stats")

OF_ONE = {
    "digamma": (0.2, 8),
    "entr": (0, 3),
    "erf": (-3, 3),
    "erfc": (-3, 3),
    "erfinv": (-0.95, 0.95),
    "exp1": (0.1, 5),
    "expi": (0.1, 5),
    "expit": (-5, 5),
    "factorial": (0, 6),
    "gamma": (0.2, 6),
    "gammaln": (0.2, 20),
    "gammasgn": (-3, 3),
    "i0": (-5, 5),
    "i0e": (-5, 5),
    "i1": (-5, 5),
    "i1e": (-5, 5),
    "log_ndtr": (-5, 5),
    "log_softmax": (-3, 3),
    "logit": (0.05, 0.95),
    "logsumexp": (-3, 3),
    "ndtr": (-4, 4),
    "ndtri": (0.05, 0.95),
    "softmax": (-3, 3),
    "spence": (0.1, 4),
    "sici": (0.1, 9),
    "fresnel": (0.1, 3),
    "loggamma": (0.2, 9),
}
OF_TWO = {
    "beta": (0.3, 4),
    "betaln": (0.3, 4),
    "gammainc": (0.3, 5),
    "gammaincc": (0.3, 5),
    "kl_div": (0.1, 3),
    "rel_entr": (0.1, 3),
    "xlog1py": (0.1, 3),
    "xlogy": (0.1, 3),
    "zeta": (1.5, 5),
    "poch": (0.3, 4),
    "boxcox": (0.2, 3),
    "boxcox1p": (0.2, 3),
}
ACTIVATIONS = words(
    "relu relu6 sigmoid softplus sparse_sigmoid soft_sign silu log_sigmoid leaky_relu hard_sigmoid "
    "hard_silu hard_tanh elu celu selu gelu glu squareplus mish identity softmax log_softmax logsumexp "
    "standardize logmeanexp"
)
DISTRIBUTIONS: dict[str, tuple[tuple[float, float], tuple[float, ...]]] = {
    "norm": ((-3, 3), (0.5, 2.0)),
    "beta": ((0.1, 0.9), (2.0, 3.0)),
    "gamma": ((0.2, 4), (2.0,)),
    "cauchy": ((-3, 3), ()),
    "chi2": ((0.2, 4), (3.0,)),
    "expon": ((0.2, 4), ()),
    "laplace": ((-3, 3), ()),
    "logistic": ((-3, 3), ()),
    "t": ((-3, 3), (4.0,)),
    "uniform": ((-1, 2), ()),
    "pareto": ((1.1, 4), (2.0,)),
    "truncnorm": ((-1, 1), (-1.5, 1.5)),
    "gennorm": ((-3, 3), (1.5,)),
}


def cases() -> Iterator[Case]:
    for name, domain in OF_ONE.items():
        function = getattr(special, name)
        for dtype in ("float32", "bfloat16", "float64"):
            if dtype == "bfloat16" and name in ("exp1", "expi", "spence", "sici", "fresnel", "gamma", "factorial"):
                continue
            yield Case(
                f"special.{name}_{dtype}",
                function,
                (floats(5, 7, low=domain[0], high=domain[1], dtype=dtype),),
                wide=dtype == "float64",
            )
        if name not in ("softmax", "logsumexp", "log_softmax"):
            yield Case(
                f"special.{name}_grad",
                jax.grad(lambda x, f=function: sum(leaf.sum() for leaf in jax.tree.leaves(f(x)))),
                (floats(5, 7, low=max(domain[0], -0.9), high=domain[1]),),
            )
    for name, (low, high) in OF_TWO.items():
        for dtype in ("float32", "float64"):
            yield Case(
                f"special.{name}_{dtype}",
                getattr(special, name),
                (
                    floats(5, 7, low=low, high=high, dtype=dtype),
                    floats(7, 5, low=low, high=high, dtype=dtype).T.copy(),
                ),
                wide=dtype == "float64",
            )
    yield Case(
        "special.betainc",
        special.betainc,
        (floats(5, 7, low=0.3, high=4), floats(7, 5, low=0.3, high=4).T.copy(), floats(5, 7, low=0.05, high=0.95)),
    )
    yield Case(
        "special.polygamma",
        special.polygamma,
        (integers(5, 7, low=1, high=4).astype("float32"), floats(5, 7, low=0.5, high=4)),
    )
    yield Case("special.multigammaln", lambda x: special.multigammaln(x, 3), (floats(5, 7, low=2, high=9),))
    yield Case("special.hyp1f1", special.hyp1f1, (floats(5, low=0.5, high=2), floats(5, low=2.5, high=4), floats(5)))
    yield Case("special.expn", lambda x: special.expn(2, x), (floats(5, low=0.5, high=2),))
    yield Case(
        "special.sph_harm",
        lambda t, p: special.sph_harm_y(jnp.array([2]), jnp.array([1]), t, p, n_max=3),
        (floats(1, low=0.2, high=2), floats(1, low=0.2, high=2)),
    )
    yield Case("special.bessel_jn", lambda z: special.bessel_jn(z, v=3, n_iter=30), (floats(4, low=0.5, high=4),))
    yield Case(
        "special.lpmn_values",
        lambda z: special.lpmn_values(3, 3, z, is_normalized=True),
        (floats(4, low=-0.9, high=0.9),),
    )
    yield Case("special.wofz", special.wofz, (complexes(4, 5),))
    for name in ACTIVATIONS:
        function = getattr(jax.nn, name)
        for dtype in ("float32", "float16", "bfloat16"):
            argument = floats(4, 6, low=-5, high=5, dtype=dtype)
            yield Case(f"nn.{name}_{dtype}", function, (argument,))
        yield Case(f"nn.{name}_grad", jax.grad(lambda x, f=function: (f(x) ** 2).sum()), (floats(4, 6),))
    yield Case("nn.gelu_exact", lambda x: jax.nn.gelu(x, approximate=False), (floats(4, 6),))
    yield Case("nn.one_hot", lambda x: jax.nn.one_hot(x, 6), (integers(4, low=0, high=8),))
    yield Case("nn.softmax_where", lambda x, w: jax.nn.softmax(x, where=w, axis=0), (floats(4, 6), booleans(4, 6)))
    attention = tuple(floats(2, 5, 4, 8) for _ in range(3))
    for name, option in {
        "plain": {},
        "causal": {"is_causal": True},
        "scaled": {"scale": 0.3},
        "window": {"local_window_size": (1, 2)},
    }.items():
        yield Case(
            f"nn.attention_{name}", lambda q, k, v, o=option: jax.nn.dot_product_attention(q, k, v, **o), attention
        )
    yield Case(
        "nn.attention_lengths",
        lambda q, k, v, n: jax.nn.dot_product_attention(q, k, v, key_value_seq_lengths=n),
        (*attention, np.array([3, 5], "int32")),
    )
    yield Case(
        "nn.attention_grouped", lambda q, k, v: jax.nn.dot_product_attention(q, k[:, :, :2], v[:, :, :2]), attention
    )
    for name, ((low, high), parameters) in DISTRIBUTIONS.items():
        distribution = getattr(stats, name)
        for what in ("pdf", "logpdf", "cdf", "logcdf", "sf", "ppf"):
            function = getattr(distribution, what, None)
            if function is not None:
                domain = (0.05, 0.95) if what == "ppf" else (low, high)
                yield Case(
                    f"stats.{name}.{what}",
                    lambda x, f=function, p=parameters: f(x, *p),
                    (floats(5, 7, low=domain[0], high=domain[1]),),
                )
    for name, parameters in {
        "poisson": (2.5,),
        "geom": (0.3,),
        "binom": (9, 0.3),
        "nbinom": (4, 0.3),
    }.items():
        low, function = int(name == "geom"), getattr(stats, name).logpmf
        yield Case(
            f"stats.{name}.logpmf",
            lambda x, f=function, p=parameters: f(x, *p),
            (integers(12, low=low, high=2 if name == "bernoulli" else 8),),
        )
    yield Case(
        "stats.multivariate_normal",
        lambda x: stats.multivariate_normal.logpdf(x, jnp.zeros(3), jnp.eye(3)),
        (floats(4, 3),),
        refused="potrf",
    )
    yield Case("stats.rankdata", stats.rankdata, (floats(9),))
    yield Case("stats.mode", stats.mode, (integers(4, 9, low=0, high=4),))
    yield Case("stats.gaussian_kde", lambda x, y: stats.gaussian_kde(x)(y), (floats(20), floats(5)), refused="potrf")
    yield Case(
        "signal.convolve2d", lambda a, b: jax.scipy.signal.convolve2d(a, b, mode="same"), (floats(7, 8), floats(3, 3))
    )
    yield Case("signal.fftconvolve", jax.scipy.signal.fftconvolve, (floats(20), floats(7)))
    yield Case("signal.stft", lambda x: jax.scipy.signal.stft(x, nperseg=16)[2], (floats(64),))
    yield Case("signal.istft", lambda x: jax.scipy.signal.istft(x, nperseg=16)[1], (complexes(9, 9),))
    yield Case("signal.welch", lambda x: jax.scipy.signal.welch(x, nperseg=16)[1], (floats(64),))
    yield Case("signal.detrend", lambda x: jax.scipy.signal.detrend(x, type="constant"), (floats(4, 20),))
    yield Case("fft.dct", jax.scipy.fft.dct, (floats(4, 16),))
    yield Case("fft.idctn", jax.scipy.fft.idctn, (floats(4, 16),))
    for order in (0, 1):
        for mode in ("constant", "nearest", "wrap", "mirror", "reflect"):
            yield Case(
                f"ndimage.map_coordinates_{order}_{mode}",
                lambda x, c, o=order, m=mode: jax.scipy.ndimage.map_coordinates(x, c, o, m),
                (floats(6, 7), [floats(9, low=-2, high=8), floats(9, low=-3, high=9)]),
            )
    for method in ("nearest", "linear", "cubic", "lanczos3"):
        yield Case(
            f"image.resize_{method}", lambda x, m=method: jax.image.resize(x, (1, 9, 5, 3), m), (floats(1, 6, 7, 3),)
        )
    yield Case(
        "image.scale_and_translate",
        lambda x, s, t: jax.image.scale_and_translate(x, (8, 8), (0, 1), s, t, "linear"),
        (floats(5, 5), np.array([1.5, 0.7], "float32"), np.array([0.5, -1.0], "float32")),
    )
    yield Case(
        "interpolate.grid",
        jax.scipy.interpolate.RegularGridInterpolator(
            (jnp.arange(4.0), jnp.arange(5.0)), jnp.arange(20.0).reshape(4, 5)
        ),
        (floats(6, 2, low=0.1, high=2.9),),
    )
    yield Case("integrate.trapezoid", jax.scipy.integrate.trapezoid, (floats(4, 9),))
    yield Case("cluster.vq", jax.scipy.cluster.vq.vq, (floats(9, 3), floats(4, 3)))
    yield Case(
        "spatial.rotation",
        lambda q, v: jax.scipy.spatial.transform.Rotation.from_quat(q).apply(v),
        (floats(4), floats(3)),
    )
