"""Which runs the claims to folders come to.

Several readers may know something of one folder, and a run may lie over several:
a trainer's checkpoints, its event files, the configuration it was started with. A run
is listed once, so what belongs together is settled here, by arithmetic on claims
alone. The survey of everything and the reading of one run both come through here;
nobody else may decide what a run consists of.
"""

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import NamedTuple

from workbench.formats.contract import Claim, RunRef
from workbench.formats.signs import stamp
from workbench.formats.walking import HERE


class Found(NamedTuple):
    """A claim and whose it is."""

    rank: int
    """The reader's place in the order of precedence, 0 for the first."""
    claim: Claim


Claims = Mapping[str, Sequence[Found]]
"""Claims by the folder's path, folders above before those below."""


class Piece(NamedTuple):
    """What one reader is asked for."""

    rank: int
    key: str
    prefix: str = ""
    """Sets its metrics apart from those of the same reader's other pieces."""
    goes_on: bool = False
    """Its curves follow those of the piece before: the same run, resumed."""
    overlay: bool = False
    """It gives params where nobody else has them, and what the job was."""
    shared: bool = False
    """It lies over other runs too: what the job was says nothing of this one."""


class Run(NamedTuple):
    """A run and all that is known of it."""

    pieces: tuple[Piece, ...]
    """What counts most first."""
    claims: tuple[tuple[str, int], ...]
    """Path and rank of every claim that has a part in it."""


def grouped(claims: Claims) -> dict[str, Run]:
    """Return the runs by their keys."""
    homes = _Homes(claims)
    members: dict[str, list[tuple[str, int]]] = {}
    for path, found in claims.items():
        ranks = [one.rank for one in found if not one.claim.overlay]
        if ranks:
            members.setdefault(homes.of(path), []).extend((path, rank) for rank in ranks)
    over = _overlay(claims, homes, members)
    return {
        key: Run(_pieces(key, parts, claims, over - {key}), tuple(parts))
        for key, parts in members.items()
    }


def ref_of(key: str, run: Run, claims: Claims, seen: object = None) -> RunRef:
    """Return where a run is; ``seen`` is whatever else its stamp is to change with."""
    said = [(path, rank, _claim(claims, path, rank)) for path, rank in run.claims]
    marks = [(path, rank, claim.stamp) for path, rank, claim in said]
    shared = [piece.key for piece in run.pieces if piece.shared]
    seen = (seen, shared) if shared else seen
    return RunRef(key, stamp((marks, seen)), any(claim.live for *_, claim in said))


def above(path: str) -> Iterator[str]:
    """Yield the paths of the folders above ``path``, the nearest first."""
    while path != HERE:
        path = path.rpartition("/")[0] or HERE
        yield path


def is_below(path: str, other: str) -> bool:
    """Say whether ``path`` lies below ``other``."""
    return path != other and (other == HERE or path.startswith(f"{other}/"))


def same_but_stamp(one: Sequence[Found], other: Sequence[Found]) -> bool:
    """Say whether claims to a folder come to the same runs."""
    return [_shape(found) for found in one] == [_shape(found) for found in other]


def _shape(found: Found) -> tuple[object, ...]:
    claim = found.claim
    return (found.rank, claim.part_of, claim.gathers, claim.overlay, claim.identity)


def _claim(claims: Claims, path: str, rank: int) -> Claim:
    return next(found.claim for found in claims[path] if found.rank == rank)


class _Homes:
    """Finds the run that a folder belongs to."""

    def __init__(self, claims: Claims) -> None:
        self._claims = claims
        self._found: dict[str, str] = {}
        self._gathering: dict[str, set[int]] = {}
        self._first: dict[tuple[str, int, str], str] = {}
        for path, found in claims.items():
            for rank, claim in found:
                if claim.gathers:
                    self._gathering.setdefault(_part_of(path, claim) or path, set()).add(rank)
                if claim.identity and _part_of(path, claim) is None:
                    place = (_beside(path), rank, claim.identity)
                    self._first[place] = min(path, self._first.get(place, path))

    def of(self, path: str) -> str:
        """Return the key of the run that ``path`` belongs to."""
        home = self._found.get(path)
        if home is None:
            self._found[path] = path  # what leads back to itself is a run by itself
            home = self._found[path] = self._settled(path)
        return home

    def _settled(self, path: str) -> str:
        found = self._claims.get(path, ())
        for _, claim in found:
            whole = _part_of(path, claim)
            if whole is not None:
                return self.of(whole)
        ranks = {rank for rank, _ in found}
        for folder in above(path) if self._gathering else ():
            gathering = self._gathering.get(folder)
            if gathering is not None:
                return path if ranks & gathering else self.of(folder)
        for rank, claim in found:
            if claim.identity:
                first = self._first[_beside(path), rank, claim.identity]
                return path if first == path else self.of(first)
        return path


def _beside(path: str) -> str:
    """Return what folders side by side have in common."""
    return HERE if path == HERE else path.rpartition("/")[0]


def _part_of(path: str, claim: Claim) -> str | None:
    """Return the folder above that a claim names; what is not above is not believed."""
    whole = claim.part_of
    return whole if whole is not None and is_below(path, whole) else None


def _overlay(
    claims: Claims, homes: _Homes, members: dict[str, list[tuple[str, int]]]
) -> frozenset[str]:
    """Let params flow down to all runs in and below their folder.

    Returns:
        The folders whose params are those of several runs.
    """
    over = {
        path: ranks
        for path, found in claims.items()
        if (ranks := [one.rank for one in found if one.claim.overlay])
    }
    if not over:
        return frozenset()
    runs: Counter[str] = Counter()
    for key, parts in members.items():
        runs.update(_flowing(key, parts, over))
    for path, ranks in over.items():
        if path not in runs:
            members.setdefault(homes.of(path), []).extend((path, rank) for rank in ranks)
    return frozenset(path for path, number in runs.items() if number > 1)


def _flowing(key: str, parts: list[tuple[str, int]], over: Mapping[str, Sequence[int]]) -> set[str]:
    """Add all that lies over a run; return in which places there was anything."""
    used: set[str] = set()
    places = dict.fromkeys(path for path, _ in parts)
    for place in (*places, *above(key)):
        used.update(_added(place, over, parts))
        for folder in above(place) if place != key else ():
            if not is_below(folder, key):
                break
            used.update(_added(folder, over, parts))
    return used


def _added(
    place: str, over: Mapping[str, Sequence[int]], parts: list[tuple[str, int]]
) -> Sequence[str]:
    """Add what lies over a run in one place; return that place if there was anything."""
    more = [(place, rank) for rank in over.get(place, ()) if (place, rank) not in parts]
    parts += more
    return [place] if place in over else []


def _pieces(
    key: str, parts: Sequence[tuple[str, int]], claims: Claims, shared: Container[str]
) -> tuple[Piece, ...]:
    """Return what to read, each place once: by the readers' order, then the nearest first.

    What only lies over a run counts least, whoever reads it.
    """
    places: dict[tuple[int, str], Claim] = {}
    for path, rank in parts:
        claim = _claim(claims, path, rank)
        places.setdefault((rank, _part_of(path, claim) or path), claim)
    ordered = sorted(
        places, key=lambda at: (places[at].overlay, at[0], _distance(key, at[1]), at[1])
    )
    pieces: list[Piece] = []
    chains: dict[tuple[int, str, str], int] = {}
    ranks: set[int] = set()
    for rank, path in ordered:
        claim = places[rank, path]
        chain = (rank, _beside(path), claim.identity)
        if claim.identity and chain in chains:
            at = chains[chain] = chains[chain] + 1
            pieces.insert(at, Piece(rank, path, pieces[at - 1].prefix, goes_on=True))
            continue
        again = rank in ranks and not claim.overlay
        prefix = f"{_relative(key, path)}/" if again else ""
        over = claim.overlay
        pieces.append(Piece(rank, path, prefix, overlay=over, shared=over and path in shared))
        chains[chain] = len(pieces) - 1
        ranks.add(rank)
    return tuple(pieces)


def _distance(key: str, path: str) -> int:
    return abs(_depth(path) - _depth(key)) if path != key else -1


def _depth(path: str) -> int:
    return 0 if path == HERE else path.count("/") + 1


def _relative(key: str, path: str) -> str:
    """Return where a piece is as seen from its run."""
    if key == HERE:
        return path
    return path.removeprefix(f"{key}/") if is_below(path, key) else path.rpartition("/")[2]
