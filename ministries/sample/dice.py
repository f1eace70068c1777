"""Choices that look random and never change: drawn from what they are about, not from a clock or a random state."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")

_RANGE = 1 << 64


class Dice:
    """Draws by name. The same parts and the same name always give the same draw, on any machine."""

    def __init__(self, *parts: object) -> None:
        self._parts = tuple(str(part) for part in parts)

    def about(self, *parts: object) -> "Dice":
        """Dice for something within this."""
        return Dice(*self._parts, *parts)

    def number(self, name: str) -> int:
        """A whole number of 64 bits."""
        digest = hashlib.sha256("\x1f".join((*self._parts, name)).encode()).digest()
        return int.from_bytes(digest[:8], "big")

    def fraction(self, name: str) -> float:
        """A number from 0 up to, and without, 1."""
        return (self.number(name) >> 11) / (_RANGE >> 11)

    def between(self, name: str, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + self.number(name) % (high - low + 1)

    def chance(self, name: str, share: float) -> bool:
        """Whether something happens that happens in ``share`` of all cases."""
        return self.fraction(name) < share

    def pick(self, name: str, choices: Sequence[T]) -> T:
        """One of ``choices``."""
        return choices[self.number(name) % len(choices)]

    def weighted(self, name: str, weights: Mapping[T, float]) -> T:
        """One of the keys, each as often as its weight says."""
        left = self.fraction(name) * sum(weights.values())
        *others, last = weights
        for choice in others:
            left -= weights[choice]
            if left < 0:
                return choice
        return last

    def shuffled(self, name: str, items: Sequence[T]) -> list[T]:
        """``items`` in an order that depends on how each calls itself (``str``)."""
        return sorted(items, key=lambda item: self.about(name).number(str(item)))
