"""Random bits from a counter and a key: Threefry-2x32 with 20 rounds and Philox-4x32 with 10.

The functions are those of "Parallel random numbers: as easy as 1, 2, 3" (Salmon, Moraes, Dror, Shaw, 2011), written
over words of any kind: numbers, or values of a program that is being built.
"""

from __future__ import annotations

from typing import Protocol, TypeVar

WordT = TypeVar("WordT")

_THREEFRY_PARITY = 0x1BD11BDA
_THREEFRY_ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
_PHILOX_FACTORS = (0xD2511F53, 0xCD9E8D57)
_PHILOX_STEPS = (0x9E3779B9, 0xBB67AE85)


class Words(Protocol[WordT]):
    """Arithmetic of 32-bit words; sums are taken modulo 2**32."""

    def constant(self, number: int) -> WordT: ...
    def add(self, left: WordT, right: WordT) -> WordT: ...
    def xor(self, left: WordT, right: WordT) -> WordT: ...
    def rotate_left(self, word: WordT, bits: int) -> WordT: ...
    def multiply(self, word: WordT, factor: int) -> tuple[WordT, WordT]:
        """The high and the low word of the product."""
        ...


def threefry(words: Words[WordT], key: tuple[WordT, WordT], counter: tuple[WordT, WordT]) -> tuple[WordT, WordT]:
    """Two random words."""
    keys = (*key, words.xor(words.xor(*key), words.constant(_THREEFRY_PARITY)))
    left, right = words.add(counter[0], keys[0]), words.add(counter[1], keys[1])
    for block in range(5):
        for bits in _THREEFRY_ROTATIONS[block % 2]:
            left = words.add(left, right)
            right = words.xor(words.rotate_left(right, bits), left)
        left = words.add(left, keys[(block + 1) % 3])
        right = words.add(right, words.add(keys[(block + 2) % 3], words.constant(block + 1)))
    return left, right


def philox(
    words: Words[WordT], key: tuple[WordT, WordT], counter: tuple[WordT, WordT, WordT, WordT]
) -> tuple[WordT, WordT, WordT, WordT]:
    """Four random words."""
    for _ in range(10):
        high_0, low_0 = words.multiply(counter[0], _PHILOX_FACTORS[0])
        high_1, low_1 = words.multiply(counter[2], _PHILOX_FACTORS[1])
        counter = (
            words.xor(words.xor(high_1, counter[1]), key[0]),
            low_1,
            words.xor(words.xor(high_0, counter[3]), key[1]),
            low_0,
        )
        key = (
            words.add(key[0], words.constant(_PHILOX_STEPS[0])),
            words.add(key[1], words.constant(_PHILOX_STEPS[1])),
        )
    return counter
