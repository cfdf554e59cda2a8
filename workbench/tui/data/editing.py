"""Changing what people say of a dataset, or of one of its columns: what is chosen, then its value.

Every change is an edit of its own, so `u` takes each of them back alone.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from workbench.datasets.declared import WRITTEN_AS_DAY, is_day
from workbench.datasets.fields import PERSONAL, Fields
from workbench.datasets.profile import ROLES
from workbench.tui.data.desk import DataDesk, DataTarget
from workbench.tui.data.loader import DatasetPage, load_dataset
from workbench.tui.widgets.choose import Choice, ChooseScreen
from workbench.tui.widgets.prompt import NoteScreen, PromptScreen

if TYPE_CHECKING:
    from textual.screen import Screen

_NOBODY: Final = "nobody has said"
_BACK: Final = "back:"
"""The choice that gives a field back to what is inferred or written in the settings."""
TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "owner": ("Owner", "who answers for it: a name or a team"),
    "description": ("Description", "several lines"),
    "source": ("Source", "where it comes from"),
    "licence": ("Licence", "such as CC0, or internal"),
    "personal": ("Personal data", "none, pseudonymous, personal, special"),
    "purposes": ("Purposes", "what it may be used for, with commas"),
    "retention_until": ("Keep until", "the last day it may be kept: 2027-03-31"),
    "sensitive": ("Sensitive", "columns to be masked, with commas"),
    "key": ("Key", "columns that name a row, with commas"),
    "label": ("Label", "the column with the outcome"),
    "time": ("Time", "the column with the moment"),
    "segments": ("Segments", "columns that group rows, with commas"),
}
"""Fields in the order they are offered: title, and how they are written."""
_LISTS: Final = ("purposes", "sensitive", "key", "segments")
_OF_COLUMNS: Final = ("sensitive", "key", "segments")
_ONE_COLUMN: Final = ("label", "time")


def edit_fields(screen: DataDesk, target: DataTarget) -> None:
    """Let a person choose what to change, of a column where the cursor is on one."""
    session = screen.session
    then = partial(_offer_column, screen, target) if target.column else partial(_offer, screen)
    screen.ask(
        lambda: load_dataset(session, target.name, target.version), then, f"Read {target.name}"
    )


# ------------------------------------------------------------ a dataset


def _offer(screen: DataDesk, page: DatasetPage) -> None:
    fields = page.fields
    offered = [
        Choice(name, title, said(fields, name) or f"— {how}")
        for name, (title, how) in TITLES.items()
    ]
    screen.choose(f"Change what of {page.name}?", offered, partial(_ask, screen, page))


def said(fields: Fields, name: str) -> str:
    """Return what is said of a field now, on one line."""
    value = getattr(fields, name)
    return ", ".join(value) if isinstance(value, tuple) else str(value).replace("\n", " ")


def _ask(screen: DataDesk, page: DatasetPage, name: str) -> None:
    """Ask for the value of a field, in the way that fits it."""
    fields = page.fields
    keep = partial(_keep, screen, page, name)
    dialog: Screen[str | None]
    if name == "personal":
        dialog = ChooseScreen(
            f"Personal data in {page.name}?",
            [*(Choice(one, one, now=one == fields.personal) for one in PERSONAL), _nobody()],
        )
    elif name in _ONE_COLUMN:
        dialog = ChooseScreen(f"{TITLES[name][0]} of {page.name}?", _columns(page, fields, name))
    elif name == "description":
        dialog = NoteScreen(f"Description of {page.name}", fields.description)
    else:
        dialog = PromptScreen(
            f"{TITLES[name][0]} of {page.name}", said(fields, name), hint=TITLES[name][1],
            check=partial(wrong, page, name),
        )  # fmt: skip
    screen.app.push_screen(dialog, lambda text: keep(text) if text is not None else None)


def _nobody() -> Choice:
    return Choice(_BACK, _NOBODY, "or as the settings say")


def _columns(page: DatasetPage, fields: Fields, name: str) -> list[Choice]:
    now = getattr(fields, name)
    return [
        *(
            Choice(row.facts.name, row.facts.name, row.facts.role, now=row.facts.name == now)
            for row in page.columns
        ),
        _nobody(),
    ]


def wrong(page: DatasetPage, name: str, text: str) -> str | None:
    """Return what is wrong with a value as it was typed, None where nothing is."""
    if name in _OF_COLUMNS:
        known = {row.facts.name for row in page.columns}
        strange = [one for one in listed(text) if one not in known]
        return f"There is no column {strange[0]}." if strange and known else None
    day = text.strip()
    if name != "retention_until" or not day or is_day(day):
        return None
    if WRITTEN_AS_DAY.match(day):
        return f"The calendar has no {day}."
    return "Write a day: 2027-03-31."


def listed(text: str) -> list[str]:
    """Return the names in a text with commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def _keep(screen: DataDesk, page: DatasetPage, name: str, text: str) -> None:
    value: Any = None if text == _BACK else listed(text) if name in _LISTS else text.strip()
    now = getattr(page.fields, name)
    if value is not None and value == (list(now) if isinstance(now, tuple) else now):
        return
    title = TITLES[name][0]
    shown = ", ".join(value) if isinstance(value, list) else value
    words = f"{title} of {page.name} is {shown}" if shown else f"{title} of {page.name} is not said"
    _write(screen, page.name, {name: value}, words)


def _write(screen: DataDesk, dataset: str, changes: Mapping[str, Any], words: str) -> None:
    from workbench.operations.datasets.fields import set_fields  # noqa: PLC0415 - when asked for

    session = screen.session
    screen.write(
        lambda: set_fields(session, dataset, changes),
        lambda _: f"{words}. u takes it back.",
        "Edit",
    )


# ------------------------------------------------------------ a column


def _offer_column(screen: DataDesk, target: DataTarget, page: DatasetPage) -> None:
    """Offer what can be said of a column."""
    column, fields = target.column, page.fields
    row = next((one for one in page.columns if one.facts.name == column), None)
    role = row.facts.role if row is not None else ""
    hidden = column in fields.sensitive
    acts: dict[str, tuple[Choice, Callable[[], None]]] = {
        "role": (
            Choice("role", "Role", f"{role}: how it is treated when it is tested"),
            partial(_ask_role, screen, page, column),
        ),
        "sensitive": (
            Choice("sensitive", "Not sensitive" if hidden else "Sensitive",
                   "show its values again" if hidden else "hide its values in every preview"),
            partial(_turn, screen, page, "sensitive", column),
        ),
        "key": (
            Choice("key", "Not part of the key" if column in fields.key else "Part of the key",
                   _is_said("key", said(fields, "key"))),
            partial(_turn, screen, page, "key", column),
        ),
        "segments": (
            Choice("segments", "Not a segment" if column in fields.segments else "Segment",
                   "it splits the rows into groups"),
            partial(_turn, screen, page, "segments", column),
        ),
        "label": (
            Choice("label", "Label", _is_said("label", fields.label)),
            partial(_keep, screen, page, "label", column),
        ),
        "time": (
            Choice("time", "Time", _is_said("time column", fields.time)),
            partial(_keep, screen, page, "time", column),
        ),
        "all": (
            Choice("all", f"Of {page.name} …", "owner, purposes, retention and more"),
            partial(_offer, screen, page),
        ),
    }  # fmt: skip
    offered = [choice for choice, _ in acts.values()]
    screen.choose(f"Change what of {column}?", offered, lambda id_: acts[id_][1]())


def _is_said(what: str, value: str) -> str:
    return f"now it is {value}" if value else f"no {what} is said"


def _ask_role(screen: DataDesk, page: DatasetPage, column: str) -> None:
    now = page.fields.roles.get(column, "")
    offered = [
        *(Choice(role, role, _ROLES.get(role, ""), now=role == now) for role in ROLES),
        Choice(_BACK, "as inferred", "take back what a person said", now=not now),
    ]

    def keep(role: str) -> None:
        value = None if role == _BACK else role
        words = f"{column} is a {role} column" if value else f"The role of {column} is inferred"
        _write(screen, page.name, {f"roles.{column}": value}, words)

    screen.choose(f"Role of {column}?", offered, keep)


_ROLES: Final[Mapping[str, str]] = {
    "number": "compared by its distribution",
    "category": "compared by the shares of its values",
    "identifier": "names a row; never tested",
    "text": "compared by its lengths",
    "datetime": "compared by its range and gaps",
    "constant": "one value; a second one is a change",
    "nested": "lists or records; only counted",
    "empty": "nothing in it",
}


def _turn(screen: DataDesk, page: DatasetPage, name: str, column: str) -> None:
    """Put a column on a list, or take it off."""
    now: Sequence[str] = getattr(page.fields, name)
    on = column in now
    value = [one for one in now if one != column] if on else [*now, column]
    title = TITLES[name][0]
    words = f"{title} of {page.name}: {', '.join(value) or 'none'}"
    _write(screen, page.name, {name: value}, words)
