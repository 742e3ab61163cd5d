"""The native road as data: from the text of a kernel, cut into workgroups, to the llvm dialect for a host."""

from __future__ import annotations


def native_pipeline(target: str, vector_bits: int, *, deterministic: bool = False, dot_products: bool = False) -> str:
    """The passes from what `outline-builtins` keeps to the llvm dialect, for a machine.

    `target` is a word of `adapt-schedules`. What decides about numbers is what the portable road has.
    """
    fused = () if deterministic else ("fuse-multiply-add",)
    return ",".join(
        (
            f"pack-dot-products{{bytes={str(dot_products).lower()}}}",
            f"adapt-schedules{{target={target}}}",
            "tile-to-registers",
            "vectorize-generics",
            f"unroll-vectors{{bits={vector_bits}}}",
            "share-constants",
            "bufferize-kernels",
            "fuse-reduction-loops",
            "expand-small-floats",
            "convert-memref-to-llvm",
            "pass-local-buffers",
            "expand-math-functions",
            "share-constants",
            "convert-index-to-i32",
            "convert-scf-to-cf",
            *fused,
            f"convert-packed-to-llvm{{machine={f'{target}vnni' if dot_products else target}}}",
            "convert-vector-to-llvm",
            "convert-arith-to-llvm",
            "convert-cf-to-llvm",
        )
    )
