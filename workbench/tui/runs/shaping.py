"""Plain tables that do not say their step: a notice once, and a question when somebody wants it.

Two choices: which tables, then what they are. The answer counts for every table of that
shape, here and elsewhere, and is this person's own.
"""

from functools import partial
from typing import TYPE_CHECKING

from workbench.tui.errand import ask, carry_out
from workbench.tui.runs.desk import RunsDesk
from workbench.tui.toast import tell
from workbench.tui.widgets.choose import Choice, ChooseScreen
from workbench.words import plural

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from workbench.formats.tables.answers import Answer
    from workbench.operations.shapes import Met

_DOING = "Unclear folders"
_ROWS, _NO, _COLUMN = "rows", "no", "column:"
_MOST_COLUMNS = 200


class Shaping(RunsDesk):
    """The part of the runs screen that asks what plain tables are."""

    def notice_undecided(self) -> None:
        """Say that folders wait for an answer, and where the question is."""
        number = self.session.undecided
        if number:
            look = "folder looks like a run" if number == 1 else "folders look like runs"
            say = "does" if number == 1 else "do"
            tell(
                self.app,
                f'{number:,} {look} but {say} not say the step: press : "{_DOING}"',
            )

    def press_ask_folders(self) -> None:
        """Ask which tables, and what they are."""
        session = self.session

        def work() -> "tuple[Met, ...]":
            from workbench.operations.shapes import met  # noqa: PLC0415 - when asked for

            return met(session)

        ask(self, session, _DOING, work, partial(_choose_shape, self))


def _choose_shape(screen: Shaping, shapes: "Sequence[Met]") -> None:
    if not shapes:
        tell(screen.app, "There are no plain tables here.")
        return
    by_id = {one.guess.shape.id: one for one in shapes}
    choices = [Choice(id_, _title(one), _sentence(one)) for id_, one in by_id.items()]

    def chosen(id_: str | None) -> None:
        if id_ is not None:
            _choose_answer(screen, by_id[id_])

    screen.app.push_screen(ChooseScreen("Which tables?", choices), chosen)


def _title(one: "Met") -> str:
    return one.guess.shape.table


def _sentence(one: "Met") -> str:
    columns = ", ".join(one.guess.shape.columns)
    return f"{plural(one.folders, 'folder')}; {one.assumed}; has {columns}"


def _choose_answer(screen: Shaping, one: "Met") -> None:
    likely, numeric = one.guess.steps, one.guess.numeric[:_MOST_COLUMNS]
    ordered = [*likely, *(name for name in numeric if name not in likely)]
    now = _now(one)
    choices = [
        Choice(f"{_COLUMN}{name}", name, "counts the steps", now=now == f"{_COLUMN}{name}")
        for name in ordered
    ]
    rows = Choice(_ROWS, "The number of the row", "counts the steps", now=now == _ROWS)
    choices.insert(len(choices) if likely else 0, rows)
    choices.append(Choice(_NO, "These are no runs", "do not list such folders", now=now == _NO))
    title = f"What counts the steps in {one.guess.shape.table}?"
    screen.app.push_screen(ChooseScreen(title, choices), partial(_answered, screen, one))


def _now(one: "Met") -> str:
    """Return the choice that holds now, or nothing."""
    if one.answer is None:
        return ""
    if one.answer.no:
        return _NO
    return _ROWS if one.answer.rows else f"{_COLUMN}{one.answer.step}"


def _answered(screen: Shaping, one: "Met", id_: str | None) -> None:
    if id_ is None:
        return
    session = screen.session

    def work() -> "tuple[Answer, Path]":
        from workbench.formats.tables.answers import Answer  # noqa: PLC0415 - when answered
        from workbench.operations.shapes import answer  # noqa: PLC0415

        step = id_.removeprefix(_COLUMN) if id_.startswith(_COLUMN) else ""
        said = Answer(step, rows=id_ == _ROWS, no=id_ == _NO, time=one.guess.time)
        said = said._replace(time="") if said.no else said
        return said, answer(session, one, said)

    def done(found: "tuple[Answer, Path]") -> None:
        said, path = found
        where = plural(one.folders, "folder")
        tell(screen.app, f"{one.guess.shape.table} in {where}: {said.words()}. Kept in {path}")
        screen.app.watch_again()  # type: ignore[attr-defined]

    carry_out(screen, session, _DOING, work, done)
