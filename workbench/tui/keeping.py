"""Results kept for as long as what they were made of is the same."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The results used last, up to a total size; not safe to ask from several threads at once."""

    def __init__(self, most: int, size: Callable[[T], int] = lambda _one: 1) -> None:
        self._most = most
        self._size = size
        self._held: OrderedDict[Hashable, tuple[tuple[object, ...], T]] = OrderedDict()
        self._total = 0

    def get(self, key: Hashable, sources: tuple[object, ...], make: Callable[[], T]) -> T:
        """Return the result of a key, made anew where a source is another object than before."""
        known = self._held.get(key)
        if known is not None and _same(known[0], sources):
            self._held.move_to_end(key)
            return known[1]
        if known is not None:
            self._forget(key)
        made = make()
        self._held[key] = (sources, made)
        self._total += self._size(made)
        while self._total > self._most and len(self._held) > 1:
            self._forget(next(iter(self._held)))
        return made

    def _forget(self, key: Hashable) -> None:
        self._total -= self._size(self._held.pop(key)[1])


def _same(before: tuple[object, ...], now: tuple[object, ...]) -> bool:
    return len(before) == len(now) and all(a is b for a, b in zip(before, now, strict=True))
