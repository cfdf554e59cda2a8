"""What a key binding is: a value that knows its words, where it holds and why it is not possible.

The keys themselves are listed in `workbench.tui.keys`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Scope = Literal[
    "everywhere",
    "table",
    "text",
    "chart",
    "plot",
    "runs",
    "run",
    "compare",
    "why",
    "models",
    "model",
    "registry-history",
    "data",
    "dataset",
    "column",
    "data-check",
    "data-diff",
    "rows",
    "record",
    "drift",
    "monitor",
    "strip",
    "activity",
    "columns",
    "typing",
]
Group = Literal["Go", "Move", "Look", "Compare", "Change", "Stage", "Chart", "Columns", "Program"]

TITLES: dict[Scope, str] = {
    "runs": "Runs",
    "run": "Run detail",
    "compare": "Compare",
    "why": "Why is it better?",
    "data": "Data",
    "dataset": "A dataset",
    "column": "A column of a dataset",
    "data-check": "The rules of a dataset",
    "data-diff": "Two versions of a dataset",
    "drift": "Drift",
    "monitor": "A monitor",
    "strip": "A focused heat strip",
    "models": "Models",
    "model": "A model",
    "registry-history": "History of models",
    "rows": "Rows of data",
    "record": "A row of data",
    "activity": "Activity",
    "columns": "Choosing columns",
    "typing": "The filter line",
    "chart": "A focused chart",
    "plot": "A focused chart over many runs",
    "table": "A focused table",
    "text": "A focused text",
    "everywhere": "Everywhere",
}


@dataclass(frozen=True, slots=True)
class Context:
    """What is known when somebody asks whether a key is possible now."""

    rows: int = 0
    """Rows in the focused table."""
    selected: bool = False
    """There is a row under the cursor."""
    marked: int = 0
    read_only: str = ""
    """Why nothing can be written here; empty when it can."""
    undoable: bool = False
    metrics: int = 0
    """Metrics that the chart could show."""
    new_rows: int = 0
    archived: bool = False
    """The run under the cursor is put away."""
    diff: bool = True
    """The run under the cursor has uncommitted changes stored."""
    model: bool = False
    """There is a model under the cursor, or it is the one on the screen."""
    versions: int = 0
    """Of that model."""
    held: int = 0
    """Stages of that model that hold a version."""
    broken: str = ""
    """Why that model cannot be written: its journal cannot be read to the end."""
    version: bool = False
    """There is a version under the cursor, itself or as what a request asks for."""
    dataset: bool = False
    """There is a dataset under the cursor, or it is the one on the screen."""
    columns: int = 0
    """Columns of that dataset."""
    sensitive: int = 0
    """Columns of the rows on the screen that are masked unless somebody asks."""
    value: bool = False
    """There is a value of data under the cursor."""
    axis: bool = False
    """The column on the screen is drawn over an axis."""
    watched: bool = False
    """There is a monitor under the cursor, or it is the one on the screen."""
    alerts: int = 0
    """Of that monitor that nobody acknowledged."""
    chunks: int = 0
    """On its heat strip."""
    segments: int = 0
    """It was checked by, all rows counted as one."""


_A_PAIR = 2

Why = Callable[[Context], str | None]


def always(_context: Context) -> str | None:
    """Object to nothing."""
    return None


def needs_row(context: Context) -> str | None:
    """Object when no row is chosen."""
    return None if context.selected or context.marked else "There is no row under the cursor."


def needs_rows(context: Context) -> str | None:
    """Object to an empty table."""
    return None if context.rows else "The table is empty."


def needs_writing(context: Context) -> str | None:
    """Object where nothing can be written."""
    return context.read_only or needs_row(context)


def needs_undo(context: Context) -> str | None:
    """Object when nothing can be taken back."""
    return context.read_only or (None if context.undoable else "There is no edit of yours to undo.")


def needs_metric(context: Context) -> str | None:
    """Object when there is no curve."""
    return None if context.metrics else "There is no curve to draw."


def needs_choice(context: Context) -> str | None:
    """Object when there is no second metric."""
    return None if context.metrics > 1 else "There is no other metric to show."


def needs_two(context: Context) -> str | None:
    """Object unless two runs are marked."""
    return None if context.marked == _A_PAIR else "Mark exactly two runs to ask why."


def needs_diff(context: Context) -> str | None:
    """Object when no changes were stored."""
    return needs_row(context) or (
        None if context.diff else "No uncommitted changes were stored with this run."
    )


def needs_model(context: Context) -> str | None:
    """Object when no model is chosen."""
    return None if context.model else "There is no model under the cursor."


def needs_registry(context: Context) -> str | None:
    """Object where nothing can be written about a model."""
    return context.read_only or needs_model(context) or context.broken or None


def needs_version(context: Context) -> str | None:
    """Object when the model has no version."""
    return needs_registry(context) or (
        None if context.versions else "No version is registered under this name."
    )


def needs_version_here(context: Context) -> str | None:
    """Object when the cursor is on no version."""
    return needs_model(context) or (
        None if context.version else "There is no version under the cursor: go to the versions."
    )


def needs_version_to_change(context: Context) -> str | None:
    """Object when the cursor is on no version, or nothing can be written of it."""
    return needs_version(context) or needs_version_here(context)


def needs_versions(context: Context) -> str | None:
    """Object when there are not two versions to compare."""
    few = None if context.versions > 1 else "There is no second version to compare with."
    pair = context.marked == _A_PAIR
    return needs_model(context) or few or (None if pair else needs_version_here(context))


def needs_held(context: Context) -> str | None:
    """Object when no stage holds a version."""
    return needs_registry(context) or (
        None if context.held else "No stage of this model holds a version to roll back from."
    )


def needs_dataset(context: Context) -> str | None:
    """Object when no dataset is chosen."""
    return None if context.dataset else "There is no dataset under the cursor."


def needs_dataset_to_change(context: Context) -> str | None:
    """Object when no dataset is chosen, or nothing can be written of it."""
    return context.read_only or needs_dataset(context)


def needs_second_column(context: Context) -> str | None:
    """Object when there is no other column to go to."""
    return None if context.columns > 1 else "The dataset has no other column."


def needs_place(context: Context) -> str | None:
    """Object where nothing can be written."""
    return context.read_only or None


def needs_sensitive(context: Context) -> str | None:
    """Object when nothing is masked."""
    return None if context.sensitive else "No column here is sensitive."


def needs_axis(context: Context) -> str | None:
    """Object where values stand beside each other and not on an axis."""
    return None if context.axis else "Only numbers and moments are drawn over an axis."


def needs_value(context: Context) -> str | None:
    """Object when the cursor is on no value."""
    return needs_row(context) or (None if context.value else "Go to a column first.")


@dataclass(frozen=True, slots=True)
class Key:
    """One thing a key does."""

    id: str
    keys: tuple[str, ...]
    """As typed: ``s``, ``slash``, ``ctrl+p``; none means palette only."""
    words: str
    """One or two words for the footer."""
    sentence: str
    """What it does, for help and manual."""
    group: Group
    scopes: tuple[Scope, ...]
    why_not: Why = always
    rank: int = 0
    """Place in the footer, 1 first; 0 is never there."""
    palette: bool = True
    shy: bool = False
    """Not in the footer where it is not possible: there it never will be."""

    @property
    def shown(self) -> str:
        """Return the key as printed on the keyboard: the first two of its keys."""
        return " ".join(symbol(key) for key in self.keys[:2])


def make(
    id_: str,
    keys: str,
    words: str,
    sentence: str,
    group: Group,
    scopes: tuple[Scope, ...],
    why_not: Why = always,
    *,
    rank: int = 0,
    palette: bool = True,
    shy: bool = False,
) -> Key:
    """Return a key; what is typed is written with blanks between."""
    typed = tuple(keys.split())
    return Key(id_, typed, words, sentence, group, scopes, why_not, rank, palette, shy)


_SYMBOLS = {
    "slash": "/", "colon": ":", "question_mark": "?", "enter": "↵", "escape": "Esc", "space": "␣",
    "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp", "pagedown": "PgDn",
    "home": "Home", "end": "End", "tab": "Tab", "shift+tab": "⇧Tab", "less_than_sign": "<",
    "greater_than_sign": ">", "plus": "+", "minus": "-", "left_square_bracket": "[",
    "right_square_bracket": "]", "exclamation_mark": "!", "equals_sign": "=", "at": "@",
    "left_curly_bracket": "{", "right_curly_bracket": "}", "left_parenthesis": "(",
    "right_parenthesis": ")",
}  # fmt: skip


def symbol(key: str) -> str:
    """Return a key's name in as few characters as a person needs."""
    if key in _SYMBOLS:
        return _SYMBOLS[key]
    if key.startswith("ctrl+"):
        return f"^{key[5:]}"
    return key.upper() if key[0] == "f" and key[1:].isdigit() else key
