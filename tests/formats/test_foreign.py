"""Readers of other packages: what they do wrong costs what they know, and is told by their name."""

from collections.abc import Mapping
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any, ClassVar

import pytest

from workbench.errors import FormatError
from workbench.formats import detect
from workbench.formats.contract import Claim, Curves, Folder, Reading, RunCard
from workbench.formats.folders.reader import FoldersReader
from workbench.formats.foreign import held
from workbench.formats.trainers.keras import KerasReader


class Wrong:
    """A reader of what is a Keras run, which does what the test says."""

    name = "wrong"
    title = live = verified = "x"
    lists_files = False
    says: ClassVar[dict[str, Any]] = {}

    def _do(self, what: str, right: object) -> Any:
        said = self.says.get(what, right)
        if isinstance(said, BaseException):
            raise said
        return said

    def detect(self, folder: Folder) -> bool:
        """Say whether it knows something of a folder."""
        return bool(self._do("detect", "training.csv" in folder.files))

    def claim(self, folder: Folder, path: str, before: object) -> Any:
        """Return a claim."""
        del folder, path, before
        return self._do("claim", Claim(1, live=False))

    def read(self, *given: object) -> Any:
        """Return a reading."""
        del given
        return self._do("read", Reading(RunCard("", "n", "e"), b""))

    def points(self, *given: object) -> Any:
        """Return points."""
        del given
        return self._do("points", Curves({}, None))

    def artifact(self, root: Path, key: str, path: str) -> Any:
        """Return a path."""
        del key
        return self._do("artifact", root / path)

    def texts(self, *given: object) -> Any:
        """Return no texts."""
        del given
        return self._do("texts", {})


class Exits(Wrong):
    """One that ends the program when it is made."""

    def __init__(self) -> None:
        raise SystemExit(7)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a run of Keras."""
    (tmp_path / "training.csv").write_text("epoch,loss\n0,1.0\n1,0.5\n", "utf-8")
    return tmp_path


def reader_of(says: Mapping[str, Any]) -> FoldersReader:
    """Return a reader of Keras runs, and of what the other one says of them."""
    kind = type("Kind", (Wrong,), {"says": says})
    return FoldersReader([KerasReader(), held(kind())], [])


CARD = RunCard("", "n", "e")


@pytest.mark.parametrize(
    "says",
    [
        {"detect": SystemExit(7)},
        {"claim": SystemExit(7)},
        {"claim": "no claim"},
        {"claim": Claim((1, 2), live=True)},  # type: ignore[arg-type]
        {"claim": Claim(1, changed="today")},  # type: ignore[arg-type]
        {"read": SystemExit(7)},
        {"read": ZeroDivisionError()},
        {"read": None},
        {"read": (CARD, b"")},
        {"read": Reading(CARD, None)},  # type: ignore[arg-type]
        {"read": Reading(replace(CARD, params=None), b"")},  # type: ignore[arg-type]
        {"read": Reading(replace(CARD, metrics={"loss": 1.0}), b"")},  # type: ignore[dict-item]
    ],
)
def test_what_the_others_know_is_shown_and_whose_fault_it_is(
    folder: Path, says: dict[str, Any]
) -> None:
    """Whatever it raises or returns; the other reader's run is whole."""
    reader = reader_of(says)
    survey = reader.survey(folder, None)
    (key,) = survey.refs
    card = reader.read(folder, key, b"", 0.0).card
    assert (card.metrics["loss"].last, card.metrics["loss"].count) == (0.5, 2)
    assert any("wrong" in fault.reason for fault in (*survey.faults, *card.faults))
    assert reader.points(folder, key, None, None).points["loss"].values == [1.0, 0.5]


@pytest.mark.parametrize("wrong", [SystemExit(7), None, {"loss": [1.0]}, Curves({"l": 1}, None)])  # type: ignore[dict-item]
def test_curves_that_are_none_leave_the_others(folder: Path, wrong: object) -> None:
    """The points of the readers that keep the contract are drawn."""
    reader = reader_of({"points": wrong})
    (key,) = reader.survey(folder, None).refs
    assert reader.points(folder, key, None, None).points["loss"].values == [1.0, 0.5]


@pytest.mark.parametrize("what", ["artifact", "texts"])
def test_files_it_does_not_give_are_an_error_of_its_own(folder: Path, what: str) -> None:
    """Of a class that is told in one line."""
    kind: Any = held(type("Kind", (Wrong,), {"says": {what: 3}})())
    with pytest.raises(FormatError, match="wrong"):
        kind.artifact(folder, ".", "a") if what == "artifact" else kind.texts(folder, ".")


def test_what_cannot_be_had_is_said_as_it_is(folder: Path) -> None:
    """Errors the contract knows pass, and so does a person who wants to stop."""
    for error in (FormatError("no run"), FileNotFoundError("gone"), KeyboardInterrupt()):
        kind: Any = held(type("Kind", (Wrong,), {"says": {"read": error}})())
        with pytest.raises(type(error)):
            kind.read(folder, ".", b"", 0.0)


def test_a_class_that_ends_the_program_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the first use of any command."""
    points = [metadata.EntryPoint("a", f"{__name__}:Exits", detect.ENTRY_POINTS)]
    monkeypatch.setattr(metadata, "entry_points", lambda *, group: points if group else [])
    detect.installed.cache_clear()
    try:
        (fault,) = detect.installed().faults
    finally:
        detect.installed.cache_clear()
    assert "SystemExit" in fault.reason
