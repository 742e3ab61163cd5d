"""Feature levels: what a user's words and a processor stand for."""

from __future__ import annotations

import pytest

from zellige.analysis.target import NATIVE_TARGETS
from zellige.native.levels import LEVELS, WORDS, best_levels, levels_of
from zellige.support.errors import UsageError

V4 = LEVELS["avx512"].features


def names(*words: str) -> list[str]:
    return [level.name for level in levels_of(words)]


def test_words() -> None:
    assert names("avx512") == ["avx512", "avx512vnni"]
    assert names("avx2", "neon", "avx2") == ["avx2", "neon"]
    assert names() == []


def test_an_unknown_word() -> None:
    with pytest.raises(UsageError, match=r"unknown feature level 'avx51', known are avx512, avx2, neon; did you mean"):
        levels_of(["avx51"])


def test_a_processor_gets_the_best_of_its_levels() -> None:
    def best(architecture: str, *features: str) -> list[str]:
        return [level.name for level in best_levels(architecture, features)]

    assert best("x86_64", *V4, "avx512_vnni", "amx_tile") == ["avx512", "avx512vnni"]
    assert best("x86_64", *V4) == ["avx512"]
    assert best("x86_64", *(feature for feature in V4 if feature != "avx512bw")) == ["avx2"]
    assert best("x86_64", "avx", "avx2") == []
    assert best("aarch64", "fp", "asimd", "evtstrm") == ["neon"]
    assert best("riscv64", *V4) == []


def test_each_level_is_whole() -> None:
    """Its target is one that schedules are chosen for, with vectors of the same size, and some word stands for it."""
    for level in LEVELS.values():
        assert NATIVE_TARGETS[level.target].vector_bits == level.machine.vector_bits
    assert [name for word in WORDS.values() for name in word] == list(LEVELS)
