"""The difference between the sources of two runs.

Where the repository is at hand both sources are built again in memory, each from its commit
and its uncommitted changes, and compared: exact, whatever was committed in between. Where it
is not, the captured changes are all there is; of one commit they still give an exact answer,
of two they are shown side by side, labelled as what they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from workbench.catalogue.cards import RunRecord
from workbench.catalogue.places import places
from workbench.errors import WorkbenchError
from workbench.formats.detect import reader_named
from workbench.operations import rebuilt
from workbench.operations.repository import is_commit, look
from workbench.operations.session import Session
from workbench.runs.patch import FilePatch, files
from workbench.runs.patched import Compared, labelled, of_one_commit
from workbench.runs.unified import FileDifference
from workbench.words import count, plural, visible

MOST_BYTES = 1 << 20
_UNTRACKED = "Files that git does not track are not compared."
_SHORT = 12
_MOST_SAID = 10
"""Files named one by one of those that could not be compared."""


class Changed(NamedTuple):
    """A file that differs, and by how many lines."""

    path: str
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class CodeDifference:
    """How the source of B came from that of A, as far as it is known."""

    text: str
    """A unified diff of at most 1 MB."""
    files: tuple[Changed, ...]
    basis: str
    """What was compared, in a sentence."""
    missing: tuple[str, ...]
    """What could not be, in sentences."""
    same: bool | None
    """None: cannot tell."""
    patch: bytes = b""
    """The diff as bytes, for a file or for git; empty where the text is not a patch."""


class Source(NamedTuple):
    """What a run says of its source."""

    letter: str
    commit: str
    dirty: bool | None
    cut: bool
    patch: bytes
    files: tuple[FilePatch, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing that decides the tracked source is unknown."""
        kept = bool(self.patch) if self.dirty else self.dirty is False or bool(self.patch)
        return bool(self.commit) and kept and not self.cut


def code_difference(
    session: Session, a: RunRecord, b: RunRecord, *, at: Path | None = None
) -> CodeDifference:
    """Return how the source of run B differs from that of run A.

    Args:
        session: Where the runs are.
        a: The run compared against.
        b: The other one.
        at: A folder in the repository; default the current one, then the workspace.
    """
    first, second = _source(session, a, "A"), _source(session, b, "B")
    gaps = (*_gaps(first), *_gaps(second))
    if not (first.commit or first.patch or second.commit or second.patch):
        return CodeDifference("", (), "Neither run recorded its source.", gaps, None)
    one = first.commit == second.commit != ""
    if one and first.patch == second.patch:
        return _alike(first, second, gaps)
    if is_commit(first.commit) and is_commit(second.commit):
        found = look(session, (first.commit, second.commit), at=at)
        if found.repository is not None:
            commits = first.commit, second.commit
            compared = rebuilt.compare(
                found.repository, commits, first.files, second.files, MOST_BYTES
            )
            basis = f"{_rebuilt(first, second)}, from the repository {found.repository.tree.name}."
            return _difference(compared, basis, gaps, whole=first.whole and second.whole)
        gaps = (*gaps, found.said)
    if one:
        basis = f"Both runs ran commit {_short(first)}; their uncommitted changes are compared."
        compared = of_one_commit(first.files, second.files)
        return _difference(compared, basis, gaps, whole=first.whole and second.whole)
    return _side_by_side(first, second, gaps)


def captured_patch(session: Session, run: int) -> bytes:
    """Return the uncommitted changes a run captured, at most 1 MB and a byte; empty without any."""
    for place in places(session.catalogue, [run]):
        root = (session.root / place.source_root).resolve()
        try:
            path = reader_named(place.format).texts(root, place.key).get("diff")
            if path is not None:
                with path.open("rb") as file:
                    return file.read(MOST_BYTES + 1)
        except (OSError, WorkbenchError):
            return b""  # gone while we looked; that there is none is said
    return b""


def _source(session: Session, record: RunRecord, letter: str) -> Source:
    patch = captured_patch(session, record.run)
    cut = bool(record.facts.get("diff_cut")) or len(patch) > MOST_BYTES
    return Source(letter, record.commit or "", record.dirty, cut, patch, files(patch))


def _gaps(source: Source) -> list[str]:
    letter, said = source.letter, []
    if not source.commit:
        said.append(f"The commit of {letter} was not recorded.")
    elif not is_commit(source.commit):
        said.append(f"The commit of {letter}, {visible(source.commit[:80])}, is not a whole id.")
    if source.dirty and not source.patch:
        said.append(f"{letter} had uncommitted changes, but they were not kept.")
    elif source.dirty is None and not source.patch and source.commit:
        said.append(f"Whether {letter} had uncommitted changes was not recorded.")
    if source.cut:
        said.append(f"The uncommitted changes of {letter} were cut at 1 MB; the rest is not known.")
    return said


def _alike(a: Source, b: Source, gaps: Sequence[str]) -> CodeDifference:
    whole = a.whole and b.whole
    how = "with the same uncommitted changes" if a.patch else "without uncommitted changes"
    if not whole and not a.patch:
        how = "and no difference is known"
    basis = f"Both runs ran commit {_short(a)} {how}. {_UNTRACKED}"
    return CodeDifference("", (), basis, tuple(gaps), True if whole else None)


def _rebuilt(a: Source, b: Source) -> str:
    def said(source: Source) -> str:
        return f"{_short(source)}{' with uncommitted changes' if source.patch else ''}"

    return f"The sources as they ran, A at {said(a)} and B at {said(b)}"


def _difference(
    compared: Compared, basis: str, gaps: Sequence[str], *, whole: bool
) -> CodeDifference:
    patch, shown = _bounded(compared.files)
    missing = [*gaps, *map(visible, compared.missing[:_MOST_SAID])]
    if len(compared.missing) > _MOST_SAID:
        missing.append(f"And {plural(len(compared.missing) - _MOST_SAID, 'file')} more like these.")
    if shown < len(compared.files):
        rest = len(compared.files) - shown
        missing.append(
            f"The difference is longer than 1 MB; {plural(rest, 'file')} of "
            f"{count(len(compared.files))} are not shown."
        )
    if compared.uncounted:
        missing.append(f"The lines of {plural(compared.uncounted, 'file')} were not compared.")
    changed = tuple(Changed(one.path, one.added, one.removed) for one in compared.files)
    sure = True if whole and not compared.missing else None
    return CodeDifference(
        patch.decode("utf-8", "replace"), changed, f"{basis} {_UNTRACKED}",
        tuple(missing), False if changed else sure, patch if compared.fits else b"",
    )  # fmt: skip


def _bounded(differences: Sequence[FileDifference]) -> tuple[bytes, int]:
    """Return the patches of whole files up to the bound, and how many those are."""
    parts: list[bytes] = []
    left = MOST_BYTES
    for one in differences:
        left -= len(one.patch)
        if left < 0:
            break
        parts.append(one.patch)
    return b"".join(parts), len(parts)


def _side_by_side(a: Source, b: Source, gaps: Sequence[str]) -> CodeDifference:
    commits = {source.letter: _short(source) for source in (a, b) if source.commit}
    if len(commits) > 1:
        said = f"A ran commit {commits['A']} and B commit {commits['B']}"
    else:
        said = next(
            (f"{name} ran commit {it}" for name, it in commits.items()), "No commit is known"
        )
    compared = labelled(a.files, b.files)
    basis = f"{said}; only the uncommitted changes captured with the runs are compared."
    missing = (*gaps, "What was committed between the two is not known here.")
    found = _difference(compared, basis, missing, whole=False)
    return CodeDifference(found.text, found.files, found.basis, found.missing, None)


def _short(source: Source) -> str:
    return visible(source.commit[:_SHORT])
