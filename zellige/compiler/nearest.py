"""The word that a mistyped word was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The most similar of `words`, or None when none is similar."""
    return next(iter(get_close_matches(word, list(words), n=1)), None)
