"""One run from what several readers say of it.

What counts most comes first: the first piece that has a param or a metric has it for
good, and a curve is never put together of what two tools logged. Which piece a
metric is of is decided alike for the summary and for every further point.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from workbench.formats.contract import Curves, Points, RunCard
from workbench.formats.folders.grouping import Piece
from workbench.formats.points import concatenated
from workbench.runfolder import RUNNING, UNKNOWN, Summary

_T = TypeVar("_T")


class Part(NamedTuple):
    """A piece with what its reader said of it."""

    piece: Piece
    format: str
    card: RunCard


def merged(parts: Sequence[Part]) -> RunCard:
    """Return the card of a run; there is at least one part, what counts most first."""
    resumed = [  # of a run that was resumed the newest first
        [parts[at] for at in reversed(chain)] for chain in chains([p.piece for p in parts])
    ]
    cards = [part.card for chain in resumed for part in chain]
    own = [chain for chain in resumed if not chain[0].piece.shared] or resumed
    started = [part.card.started for chain in own for part in chain]
    newest = [chain[0].card for chain in own]
    said = _status(newest)
    return replace(
        _named(own),
        status=said.status,
        inferred=said.inferred,
        error=said.error or next((card.error for card in newest if card.error), ()),
        parent=_first(card.parent for card in cards),
        group=_first(card.group for card in cards),
        started=min((at for at in started if at is not None), default=None),
        ended=None if said.status == RUNNING else _ended(said, newest),
        params=_overlaid([card.params for card in cards]),
        tags=_overlaid([card.tags for card in cards]),
        note=_first(card.note for card in cards) or "",
        metrics=_metrics(parts),
        rules=_overlaid([_prefixed(part.card.rules, part.piece) for part in parts]),
        artifacts=tuple(_overlaid([{a.path: a for a in c.artifacts} for c in cards]).values()),
        datasets=tuple(dict.fromkeys(one for card in cards for one in card.datasets)),
        facts=_facts(said, cards),
        faults=tuple(dict.fromkeys(fault for card in cards for fault in card.faults)),
        format="+".join(dict.fromkeys(part.format for part in parts)),
    )


def _named(resumed: Sequence[Sequence[Part]]) -> RunCard:
    """Return the card that gives the run its names: one with an id, else the job's, else the first.

    What begins to go on may not know yet what the run is called.
    """
    with_id = (chain for chain in resumed if chain[0].card.run_id)
    jobs = (chain for chain in resumed if chain[0].piece.overlay)
    cards = [part.card for part in next(iter((*with_id, *jobs, *resumed)))]
    return next((card for card in cards if card.name != card.run_id), cards[0])


def _status(cards: Sequence[RunCard]) -> RunCard:
    """Return the card whose status counts: one that was recorded, else the first conclusion."""
    said = (card for card in cards if not card.inferred and card.status != UNKNOWN)
    concluded = (card for card in cards if card.status != UNKNOWN)
    return next(iter((*said, *concluded, *cards)))


def _facts(said: RunCard, cards: Sequence[RunCard]) -> dict[str, Any]:
    """Return all facts; what the status was concluded from is said by whose status counts."""
    others = [{k: v for k, v in card.facts.items() if k != "concluded"} for card in cards]
    return _overlaid([said.facts, *others])


def _ended(said: RunCard, cards: Sequence[RunCard]) -> float | None:
    if said.ended is not None:
        return said.ended
    return max((card.ended for card in cards if card.ended is not None), default=None)


def _first(values: Any) -> str | None:
    return next((value for value in values if value), None)


def _overlaid(mappings: Sequence[Mapping[str, _T]]) -> dict[str, _T]:
    """Return all entries, those of the first mapping that has them."""
    found: dict[str, _T] = {}
    for mapping in mappings:
        for name, value in mapping.items():
            found.setdefault(name, value)
    return found


def _prefixed(mapping: Mapping[str, _T], piece: Piece) -> Mapping[str, _T]:
    if not piece.prefix:
        return mapping
    return {f"{piece.prefix}{name}": value for name, value in mapping.items()}


def _metrics(parts: Sequence[Part]) -> dict[str, Summary]:
    found: dict[str, Summary] = {}
    owners: dict[str, int] = {}
    for number, chain in enumerate(chains([part.piece for part in parts])):
        for at in chain:
            for name, summary in _prefixed(parts[at].card.metrics, parts[at].piece).items():
                if owners.setdefault(name, number) == number:
                    before = found.get(name)
                    found[name] = summary if before is None else before.join(summary)
    return found


def chains(pieces: Sequence[Piece]) -> list[list[int]]:
    """Return the numbers of the pieces; those that go on with the one before are together."""
    found: list[list[int]] = []
    for number, piece in enumerate(pieces):
        if piece.goes_on and found and pieces[number - 1].rank == piece.rank:
            found[-1].append(number)
        else:
            found.append([number])
    return found


class Places(NamedTuple):
    """How far each piece of a run was read."""

    pieces: tuple[Piece, ...]
    progress: tuple[object, ...]
    owners: Mapping[str, int]
    """The number of the chain each metric is of."""
    begun: Mapping[str, int]
    """The number of the last piece that gave points of a metric."""


def followed(
    pieces: tuple[Piece, ...],
    metrics: frozenset[str] | None,
    progress: object,
    ask: Callable[[Piece, frozenset[str] | None, object], Curves],
) -> Curves:
    """Return the points past ``progress`` of all pieces.

    When one piece was restarted, or a metric turns out to be of a piece that counts
    more, the points of all are handed out again.
    """
    known = isinstance(progress, Places) and progress.pieces == pieces
    before = progress if isinstance(progress, Places) and known else None
    found = _past(pieces, metrics, before, ask)
    if found is None:
        found = _past(pieces, metrics, None, ask) or Curves({}, None)
        return found._replace(restarted=True)
    return found._replace(restarted=progress is not None and before is None)


def _past(
    pieces: tuple[Piece, ...],
    metrics: frozenset[str] | None,
    before: Places | None,
    ask: Callable[[Piece, frozenset[str] | None, object], Curves],
) -> Curves | None:
    """Return the points past a place; None if what was handed out before does not hold."""
    owners = dict(before.owners) if before else {}
    begun = dict(before.begun) if before else {}
    after: list[object] = []
    found: dict[str, list[Points]] = {}
    for number, chain in enumerate(chains(pieces)):
        for at in chain:
            piece = pieces[at]
            curves = ask(piece, _wanted(metrics, piece), before.progress[at] if before else None)
            if curves.restarted and before:
                return None
            after.append(curves.progress)
            for name, points in _prefixed(curves.points, piece).items():
                if owners.setdefault(name, number) < number:
                    continue
                if owners[name] > number or begun.get(name, at) > at:
                    return None
                begun[name] = at
                found.setdefault(name, []).append(points)
    curves_by_name = {name: concatenated(several) for name, several in found.items()}
    return Curves(curves_by_name, Places(pieces, tuple(after), owners, begun))


def _wanted(metrics: frozenset[str] | None, piece: Piece) -> frozenset[str] | None:
    """Return the names a piece's own reader has for the metrics asked for."""
    if metrics is None or not piece.prefix:
        return metrics
    return frozenset(
        name.removeprefix(piece.prefix) for name in metrics if name.startswith(piece.prefix)
    )
