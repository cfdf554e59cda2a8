"""What tells runs apart, in a few words: the labels of legends, titles and columns.

An id says nothing to a person; ``lr=0.01`` does. Labels are built here for every
chart and table, and no two runs ever get the same one.
"""

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations, count
from typing import Any, Final, NamedTuple

from workbench import words
from workbench.runs.comparing import MISSING, natural

_SEED: Final = re.compile(r"(^|[._/-])(random_?)?(seed|state|fold)$", re.IGNORECASE)
"""Params that tell runs apart without saying what was done differently."""
_WIDEST: Final = 32
"""Characters of a value in a label; of a longer one both ends are shown, for paths."""
_HEAD: Final = 10
_NONE: Final = f"={words.UNKNOWN}"
_LARGEST: Final = 10**300
"""Whole numbers beyond this are not within the reach of floats, nor of their formatting."""
_TRIED: Final = 24
"""Params combined with each other. Three of 24 are 2,024 tries, about 30 ms for 100 runs."""
_EFFORT: Final = 2_400
"""Params times runs that may be tried; with more runs fewer params are combined."""


class _Param(NamedTuple):
    """A param with its value as text for every run."""

    name: str
    texts: tuple[str, ...]
    classes: int
    """How many different texts there are."""


def labels(
    params: Sequence[Mapping[str, Any]], names: Sequence[str], *, most: int = 3
) -> tuple[str, ...]:
    """Return a label for each run: the fewest params that tell all apart.

    What was done differently comes first: a seed stands in a label only to tell runs apart
    that are the same in all else, however well it would do alone. A run that ``most`` params
    do not tell from every other one gets its name, and where names are alike too, its name
    and a number. So does a run that has none of the params but a seed, if no other has its
    name. A single run gets its name.

    Args:
        params: The params of each run.
        names: The name of each run.
        most: How many params a label may have.
    """
    chosen = _best(_candidates(params), most) if len(names) > 1 else ()
    shown = _shortest([param.name for param in chosen], {name for run in params for name in run})
    parts = [
        [(name, param.texts[run]) for name, param in zip(shown, chosen, strict=True)]
        for run in range(len(names))
    ]
    texts = _without_missing([[f"{name}={text}" for name, text in one] for one in parts])
    alike = Counter(texts)
    done = {param.name for param in chosen if not _SEED.search(param.name)}
    called = _called(done or {param.name for param in chosen}, params, names, texts)
    return _numbered(
        [
            text if text and alike[text] == 1 and run not in called else ""
            for run, text in enumerate(texts)
        ],
        [words.visible(name) or "unnamed" for name in names],
    )


def _called(
    chosen: Container[str],
    params: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    texts: Container[str],
) -> set[int]:
    """Return the runs that have none of the params and a name that is theirs alone."""
    alike = Counter(map(words.visible, names))
    return {
        run
        for run, (held, name) in enumerate(zip(params, names, strict=True))
        if name and alike[words.visible(name)] == 1 and words.visible(name) not in texts
        if not any(param in chosen for param in held)
    }


def _without_missing(parts: Sequence[Sequence[str]]) -> list[str]:
    """Return the labels without the params a run does not have, where that leaves them apart."""
    whole = [" ".join(one) for one in parts]
    short = [" ".join(part for part in one if not part.endswith(_NONE)) for one in parts]
    taken = Counter((*short, *whole))
    both = zip(whole, short, strict=True)
    return [
        brief if brief and taken[brief] == (2 if brief == full else 1) else full
        for full, brief in both
    ]


def _candidates(params: Sequence[Mapping[str, Any]]) -> list[_Param]:
    """Return the params that differ, best first: plain and short ones that are no seeds."""
    found = []
    for name in {name for run in params for name in run}:
        texts = tuple(_text(run.get(name, MISSING)) for run in params)
        classes = len(set(texts))
        if classes > 1:
            found.append(_Param(name, texts, classes))
    return sorted(found, key=_preference)


def _preference(param: _Param) -> tuple[Any, ...]:
    length = sum(map(len, param.texts)) / len(param.texts)
    return (bool(_SEED.search(param.name)), length > _WIDEST / 2, natural(param.name))


def _text(value: Any) -> str:
    """Return a value as a label shows it."""
    if value is MISSING:
        return words.UNKNOWN
    if isinstance(value, int) and abs(value) > _LARGEST:
        return f"{Decimal(value):.5e}"
    text = words.value(value)
    if len(text) <= _WIDEST:
        return text
    return f"{text[:_HEAD]}…{text[_HEAD + 1 - _WIDEST :]}"


def _best(candidates: Sequence[_Param], most: int) -> tuple[_Param, ...]:
    """Return the fewest params that tell what was done apart, and seeds only where those do not."""
    choices = [param for param in candidates if not _SEED.search(param.name)]
    seeds = [param for param in candidates if _SEED.search(param.name)]
    chosen = _chosen(choices, most)
    if not seeds or (chosen and _told_apart(chosen) == len(chosen[0].texts)):
        return chosen
    return max(
        ((*chosen, *more) for more in ((), *_tries(_distinct(seeds), 2))),
        key=lambda tried: (_told_apart(tried) if tried else 0, -len(tried)),
    )


def _chosen(candidates: Sequence[_Param], most: int) -> tuple[_Param, ...]:
    """Return the fewest params that make as many groups of runs as all of them do, or nearly."""
    best: tuple[_Param, ...] = ()
    groups, wanted = 1, _groups(candidates)
    for tried in _tries(_distinct(candidates), most):
        found = _groups(tried)
        if found > groups:
            best, groups = tried, found
        if groups == wanted:
            break
    return best


def _groups(tried: Sequence[_Param]) -> int:
    """Return how many groups of runs differ in some of the params."""
    return len(set(zip(*(param.texts for param in tried), strict=True)))


def _distinct(candidates: Sequence[_Param]) -> list[_Param]:
    """Return the params without those that group the runs exactly as a better one does."""
    by_groups: dict[tuple[int, ...], _Param] = {}
    for param in candidates:
        first: dict[str, int] = {}
        groups = tuple(first.setdefault(text, run) for run, text in enumerate(param.texts))
        by_groups.setdefault(groups, param)
    return list(by_groups.values())


def _tries(candidates: Sequence[_Param], most: int) -> Iterator[tuple[_Param, ...]]:
    """Yield what is worth trying, single params first.

    Pairs and more are made of the params with the most different values, because
    fewer values cannot tell as many runs apart.
    """
    if most < 1 or not candidates:
        return
    yield from ((param,) for param in candidates)
    several = max(6, min(_TRIED, _EFFORT // len(candidates[0].texts)))
    finest = sorted(candidates, key=lambda param: -param.classes)[:several]
    kept = [param for param in candidates if param in finest]
    for size in range(2, most + 1):
        yield from combinations(kept, size)


def _told_apart(tried: Sequence[_Param]) -> int:
    """Return how many runs have texts that no other run has."""
    counted = Counter(zip(*(param.texts for param in tried), strict=True))
    return sum(number == 1 for number in counted.values())


def _shortest(chosen: Sequence[str], every: set[str]) -> list[str]:
    """Return each name without the branches that are not needed to know it from the others."""
    ends = Counter(end for name in every for end in _ends(name))
    return [
        words.visible(next((end for end in _ends(name) if end and ends[end] == 1), name))
        for name in chosen
    ]


def _ends(name: str) -> list[str]:
    """Return the ends of a dotted name, shortest first: ``lr``, ``optimizer.lr``."""
    cuts = [cut.end() for cut in re.finditer(r"[./]", name)]
    return [name[cut:] for cut in reversed(cuts)] + [name]


def _numbered(told: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """Return what tells a run apart, else its name, with a number where that is taken."""
    taken = set(filter(None, told))
    alike = Counter(name for name, label in zip(names, told, strict=True) if not label)
    single = {name for name, number in alike.items() if number == 1 and name not in taken}
    taken |= single
    found = []
    for name, label in zip(names, told, strict=True):
        chosen = label or (name if name in single else _free(name, taken))
        taken.add(chosen)
        found.append(chosen)
    return tuple(found)


def _free(name: str, taken: Container[str]) -> str:
    return next(text for number in count(1) if (text := f"{name} {number}") not in taken)
