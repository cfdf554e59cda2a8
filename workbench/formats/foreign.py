"""Readers of other packages, held to the contract: what they do wrong is a fault with their name.

Nobody can check such a reader before it is installed. So each is asked through one of these:
whatever it raises and whatever it returns in place of what was promised becomes a
`FormatError`, which costs what this reader knows of one run and nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from workbench.errors import FormatError, WorkbenchError
from workbench.formats.contract import (
    Claim,
    Curves,
    Folder,
    Passed,
    Points,
    Reading,
    RunCard,
    RunRef,
    Survey,
)
from workbench.formats.registered import HoldsModels, Registry
from workbench.runfolder import Summary

_T = TypeVar("_T")


class _Held:
    """What is the same for both kinds."""

    def __init__(self, reader: Any) -> None:
        self._reader: Any = reader
        self.name = str(reader.name)
        self.title = str(reader.title)
        self.live = str(reader.live)
        self.verified = str(reader.verified)

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return what it says of a run."""
        found = self._asked(self._reader.read, root, key, progress, now)
        reading = self._proper(found, Reading, "a reading")
        notes: object = reading.progress
        self._require(_is_card(reading.card) and isinstance(notes, bytes), "a reading")
        return reading

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return the points it knows."""
        found = self._asked(self._reader.points, root, key, metrics, progress)
        curves = self._proper(found, Curves, "curves")
        self._require(_maps_to(curves.points, Points), "curves")
        return curves

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where it says that a file is."""
        found = self._asked(self._reader.artifact, root, key, path)
        return self._proper(found, Path, "a path")

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return further files."""
        found: Any = self._asked(self._reader.texts, root, key)
        self._require(isinstance(found, Mapping), "texts")
        return dict(found)

    def _asked(self, question: Callable[..., _T], *given: object) -> _T:
        try:
            return question(*given)
        except (WorkbenchError, OSError):
            raise
        except (Exception, SystemExit) as problem:
            raise FormatError(f"The reader {self.name} failed: {problem!r}.") from problem

    def _proper(self, found: object, kind: type[_T], what: str) -> _T:
        self._require(isinstance(found, kind), what)
        return found  # type: ignore[return-value]  # checked just now

    def _require(self, right: bool, what: str) -> None:
        if not right:
            raise FormatError(f"The reader {self.name} gave no {what.removeprefix('a ')}.")


class ForeignFolders(_Held):
    """A reader of folders."""

    def __init__(self, reader: Any) -> None:
        """Take the reader; it has all that is needed."""
        super().__init__(reader)
        self.lists_files = bool(reader.lists_files)

    def detect(self, folder: Folder) -> bool:
        """Say whether it knows something of a folder."""
        return bool(self._asked(self._reader.detect, folder))

    def claim(self, folder: Folder, path: str, before: object | None) -> Claim | Passed | None:
        """Return its claim."""
        found = self._asked(self._reader.claim, folder, path, before)
        if found is None or isinstance(found, Passed):
            return found
        claim = self._proper(found, Claim, "a claim")
        self._require(isinstance(claim.stamp, int), "a claim: its stamp is no whole number")
        times: tuple[object, ...] = (claim.changed, claim.live_for)
        right = all(isinstance(one, int | float) for one in times)
        self._require(right, "a claim: its times are no numbers")
        return claim

    def owns_table(self, folder: Folder, name: str, first: bytes) -> bool:
        """Say whether it reads a table; it need not be able to say so."""
        asked = getattr(self._reader, "owns_table", None)
        return asked is not None and bool(self._asked(asked, folder, name, first))


class ForeignStore(_Held):
    """A reader of stores."""

    def roots(self, folder: Folder) -> Sequence[str]:
        """Return the stores in a folder, of what is there."""
        found: Any = self._asked(self._reader.roots, folder)
        right = isinstance(found, Sequence) and all(isinstance(one, str) for one in found)
        self._require(right, "list of names")
        return tuple(found)

    def files_of_runs(self, folder: Folder) -> Sequence[str]:
        """Return the folders of files that are no runs; it need not know any."""
        asked = getattr(self._reader, "files_of_runs", None)
        found: Any = () if asked is None else self._asked(asked, folder)
        right = isinstance(found, Sequence) and all(isinstance(one, str) for one in found)
        self._require(right, "list of names")
        return tuple(found)

    def survey(self, root: Path, memory: object | None) -> Survey:
        """Return the runs of a store."""
        found = self._asked(self._reader.survey, root, memory)
        survey = self._proper(found, Survey, "a survey")
        self._require(_maps_to(survey.refs, RunRef), "a survey")
        return survey


class ForeignModels(ForeignStore):
    """A reader of stores with registered models."""

    def registry(self, root: Path) -> Registry:
        """Return the registered models of a store."""
        return self._proper(self._asked(self._reader.registry, root), Registry, "a registry")


def held(reader: Any) -> Any:
    """Return a reader that keeps the contract, whatever this one does."""
    if not hasattr(reader, "survey"):
        return ForeignFolders(reader)
    return ForeignModels(reader) if isinstance(reader, HoldsModels) else ForeignStore(reader)


def _is_card(card: Any) -> bool:
    """Say whether the fields that are put together with others' are what they should be."""
    return (
        isinstance(card, RunCard)
        and all(isinstance(text, str) for text in (card.run_id, card.name, card.experiment))
        and all(isinstance(one, Mapping) for one in (card.params, card.tags, card.facts))
        and _maps_to(card.metrics, Summary)
        and all(isinstance(one, Sequence) for one in (card.artifacts, card.faults, card.error))
    )


def _maps_to(found: object, kind: type[object]) -> bool:
    return isinstance(found, Mapping) and all(isinstance(one, kind) for one in found.values())
