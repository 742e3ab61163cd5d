"""32-bit words as Python's integers, for hashes of counters."""

from __future__ import annotations

MASK = (1 << 32) - 1


class Numbers:
    """Arithmetic modulo 2**32."""

    def constant(self, number: int) -> int:
        return number

    def add(self, left: int, right: int) -> int:
        return (left + right) & MASK

    def xor(self, left: int, right: int) -> int:
        return left ^ right

    def rotate_left(self, word: int, bits: int) -> int:
        return (word << bits | word >> (32 - bits)) & MASK

    def multiply(self, word: int, factor: int) -> tuple[int, int]:
        return divmod(word * factor, 1 << 32)
