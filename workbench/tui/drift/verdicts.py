"""Verdicts as symbol, word and colour, the same on every screen of drift."""

from functools import cache
from typing import Final

from workbench import words
from workbench.datasets.drift.report import (
    BREAKING,
    DRIFT,
    ERROR,
    LETTERS,
    NOTE,
    SEVERE,
    SHIFTED,
    STABLE,
    TOO_FEW,
    WARNING,
)
from workbench.tui.cells import Cell

_STYLES: Final = {
    STABLE: "good", SHIFTED: "accent", TOO_FEW: "dim", ERROR: "error", DRIFT: "warn", SEVERE: "bad",
}  # fmt: skip
_HEATS: Final = {SHIFTED: ("mild", "mild"), DRIFT: ("warm", "warmer"), SEVERE: ("hot", "hotter")}
_MUCH: Final = 3.0
"""So many times its limit an effect is drawn hotter."""
_SIGNS: Final = {BREAKING: ("✗", "bad"), WARNING: ("▲", "warn"), NOTE: ("·", "dim")}
MEANINGS: Final = {
    STABLE: "no change that counts",
    SHIFTED: "it moved for certain, but too little to count",
    DRIFT: "it moved for certain, and enough to count",
    SEVERE: "it moved so far that the model may be wrong",
    TOO_FEW: "too few rows to judge",
    ERROR: "it could not be judged",
}
WHOLE: Final = {
    STABLE: "nothing moved that counts",
    SHIFTED: "something moved for certain, but too little to count",
    DRIFT: "enough moved for certain to count",
    SEVERE: "something that weighs moved far",
    TOO_FEW: "too few rows to judge",
    ERROR: "it could not be judged",
}
"""Of a chunk as a whole; `MEANINGS` are of a column."""


def ago(seconds: float | None) -> str:
    """Return how long ago something was: ``3h ago``, ``just now``."""
    found = words.age(seconds)
    return "just now" if found == "now" else f"{found} ago" if found != words.UNKNOWN else found


def style_of(verdict: str) -> str:
    """Return the style of a verdict; of one that is not known, a dim one."""
    return _STYLES.get(verdict, "dim")


def letter_of(verdict: str) -> str:
    """Return the one sign of a verdict."""
    return LETTERS.get(verdict, "?")


def told(verdict: str, *, reading: bool = False) -> Cell:
    """Return a verdict as its sign and its word: ``! severe``; without one why there is none."""
    if not verdict:
        return Cell("reading …" if reading else "never checked", "faint")
    return Cell(f"{letter_of(verdict)} {verdict}", style_of(verdict))


def heat_of(verdict: str, effect: float) -> str:
    """Return the styles of a cell of the strip: brighter the more it wants a person."""
    return _heat(verdict, strong=effect >= _MUCH)


@cache
def _heat(verdict: str, *, strong: bool) -> str:
    grounds = _HEATS.get(verdict, ("", ""))
    style = "faint" if verdict == STABLE else f"bold {style_of(verdict)}"
    return f"{style} {grounds[strong]}".rstrip()


def finding_sign(severity: str) -> Cell:
    """Return the sign of a finding."""
    return Cell(*_SIGNS.get(severity, ("·", "dim")))
