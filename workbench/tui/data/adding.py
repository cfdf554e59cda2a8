"""Registering a version from a screen; whatever was written is kept where it comes to nothing."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.tui.data.add_screen import AddScreen, ToAdd, read_options
from workbench.tui.data.desk import DataDesk
from workbench.tui.errand import Errand, carry_far
from workbench.tui.toast import error_text, tell_error

if TYPE_CHECKING:
    from workbench.operations.datasets.add import Added

_DOING = "Add"


def add_data(screen: DataDesk, name: str = "", asked: ToAdd | None = None, news: str = "") -> None:
    """Ask what to register, and register it.

    Args:
        screen: Where it is asked and told.
        name: The dataset it is the next version of, where that is known.
        asked: What was written before.
        news: Why that came to nothing.
    """
    dialog = AddScreen(screen.session, asked or ToAdd(name=name), here=Path.cwd(), news=news)
    screen.app.push_screen(dialog, lambda wanted: _register(screen, wanted) if wanted else None)


def _register(screen: DataDesk, wanted: ToAdd) -> None:
    session = screen.session
    path = Path.cwd() / Path(wanted.path).expanduser()

    def work(errand: Errand) -> "Added":
        from workbench.operations.datasets.add import add  # noqa: PLC0415 - when asked for

        return add(
            session, wanted.name, path, copy=wanted.copy, files=wanted.files,
            options=read_options(wanted.options), on_progress=errand.progress,
            stopped=lambda: not errand.wanted,
        )  # fmt: skip

    def refused(error: Exception) -> None:
        if screen.app.screen is screen:
            add_data(screen, asked=wanted, news=error_text(error))
        else:
            tell_error(screen.app, _DOING, error)

    carry_far(screen, session, f"{_DOING} {wanted.name}", work, partial(_tell, screen), refused)


def _tell(screen: DataDesk, added: "Added") -> None:
    if added.new:
        screen.show_newest()
    screen.done(added_words(added))


def added_words(added: "Added") -> str:
    """Return what became of it."""
    if not added.new:
        return f"{added} has exactly these bytes already; nothing was added."
    rows = added.manifest.rows
    size = "" if rows is None else f": {rows:,} rows"
    return " ".join((f"Registered {added}{size}.", *added.said))
