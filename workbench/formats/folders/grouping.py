"""Which runs the claims to folders come to.

Several readers may know something of one folder, and a run may lie over several:
a trainer's checkpoints, its event files, the configuration it was started with. A run
is listed once, so what belongs together is settled here, by arithmetic on claims
alone. The survey of everything and the reading of one run both come through here;
nobody else may decide what a run consists of.
"""

from collections import Counter
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
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


_Members = dict[str, list[tuple[str, int]]]
"""Path and rank of the claims to each run, by its key."""


def grouped(claims: Claims, stores: Collection[str] = ()) -> dict[str, Run]:
    """Return the runs by their keys.

    Args:
        claims: What is claimed.
        stores: The paths of stores. Params over a store alone are no run: its runs are.
    """
    homes = _Homes(claims)
    members: _Members = {}
    for path, found in claims.items():
        ranks = [one.rank for one in found if not one.claim.overlay]
        if ranks:
            members.setdefault(homes.of(path), []).extend((path, rank) for rank in ranks)
    jobs = {p for p, found in claims.items() if any(c.overlay and c.gathers for _, c in found)}
    members = _gathered(members, jobs)
    used = _overlay(claims, members)
    filled = {path for store in stores for path in (store, *above(store))}
    for path, ranks in _overlays(claims).items():
        if path not in used and path not in filled:
            home = _job_of(path, jobs) or homes.of(path)
            members.setdefault(home, []).extend((path, rank) for rank in ranks)
    shared = {path for path, number in used.items() if number > 1}
    return {
        key: Run(_pieces(key, parts, claims, shared - {key}), tuple(parts))
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
    return (found.rank, claim.part_of, claim.gathers, claim.overlay, claim.identity, claim.joins)


def _claim(claims: Claims, path: str, rank: int) -> Claim:
    return next(found.claim for found in claims[path] if found.rank == rank)


class _Homes:
    """Finds the run that a folder belongs to."""

    def __init__(self, claims: Claims) -> None:
        self._claims = claims
        self._found: dict[str, str] = {}
        self._gathering: dict[str, set[int]] = {}
        self._first: dict[tuple[str, int, str], str] = {}
        self._joining: dict[tuple[str, int], set[tuple[str, str]]] = {}
        for path, found in claims.items():
            for rank, claim in found:
                if claim.gathers and not claim.overlay:
                    self._gathering.setdefault(_part_of(path, claim) or path, set()).add(rank)
                if claim.identity and _part_of(path, claim) is None:
                    place = (_beside(path), rank, claim.identity)
                    self._first[place] = min(path, self._first.get(place, path))
                whole = _above(path, claim.joins)
                if whole is not None:
                    one = (_beside(path), claim.identity) if claim.identity else (path, "")
                    self._joining.setdefault((whole, rank), set()).add(one)

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
                if first != path:
                    return self.of(first)
        for rank, claim in found:
            whole = _above(path, claim.joins)
            if whole is not None and self._may_join(whole, rank):
                return self.of(whole)
        return path

    def _may_join(self, whole: str, rank: int) -> bool:
        """Say whether a folder is a run of others, and one alone joins it."""
        there = {one.rank for one in self._claims.get(whole, ()) if not one.claim.overlay}
        return bool(there) and rank not in there and len(self._joining[whole, rank]) == 1


def _beside(path: str) -> str:
    """Return what folders side by side have in common."""
    return HERE if path == HERE else path.rpartition("/")[0]


def _part_of(path: str, claim: Claim) -> str | None:
    return _above(path, claim.part_of)


def _above(path: str, whole: str | None) -> str | None:
    """Return the folder above that a claim names; what is not above is not believed."""
    return whole if whole is not None and is_below(path, whole) else None


def _job_of(path: str, jobs: Collection[str]) -> str | None:
    """Return the job that a folder is in, if it is not one itself."""
    if not jobs or path in jobs:
        return None
    return next((folder for folder in above(path) if folder in jobs), None)


def _gathered(members: _Members, jobs: Collection[str]) -> _Members:
    """Put together what lies in one job, but for rivals: what one reader has several of."""
    inside = {key: job for key in members if (job := _job_of(key, jobs)) is not None}
    counts = Counter(
        (job, rank) for key, job in inside.items() for rank in {rank for _, rank in members[key]}
    )
    after: _Members = {}
    for key, parts in members.items():
        job = inside.get(key)
        alone = job is not None and all(counts[job, rank] == 1 for _, rank in parts)
        after.setdefault(job if job is not None and alone else key, []).extend(parts)
    return after


def _overlays(claims: Claims) -> dict[str, list[int]]:
    """Return whose params lie over which folder."""
    return {
        path: ranks
        for path, found in claims.items()
        if (ranks := [one.rank for one in found if one.claim.overlay])
    }


def _overlay(claims: Claims, members: _Members) -> Counter[str]:
    """Let params flow down to all runs in and below their folder; count the runs of each."""
    over = _overlays(claims)
    used: Counter[str] = Counter()
    for key, parts in members.items() if over else ():
        places = dict.fromkeys([*(path for path, _ in parts), key])
        mine: set[str] = set()
        for place in (*places, *above(key)):
            mine.update(_added(place, over, parts))
            for folder in above(place) if place != key else ():
                if not is_below(folder, key):
                    break
                mine.update(_added(folder, over, parts))
        used.update(mine)
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
