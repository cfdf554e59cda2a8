"""Choosing which version another one is compared with."""

from workbench import words
from workbench.operations.datasets.listing import VersionLine
from workbench.operations.datasets.names import Ref
from workbench.tui.data.desk import DataDesk, DataTarget
from workbench.tui.routes import screen_of
from workbench.tui.toast import tell
from workbench.tui.widgets.choose import Choice


def compare(screen: DataDesk, target: DataTarget) -> None:
    """Let a person choose what to compare with, unless there is but one other version."""
    from workbench.operations.datasets.listing import versions  # noqa: PLC0415 - when asked for

    session, name = screen.session, target.name

    def chosen_of(found: tuple[VersionLine, ...]) -> None:
        shown = target.version or (found[0].number if found else 0)
        others = [one for one in found if one.number != shown]
        if not others:
            tell(screen.app, f"{name} has no other version to compare with.")
        elif len(others) == 1:
            _show(screen, name, others[0].number, shown)
        else:
            choices = [_choice(one) for one in _nearest(others, shown)]
            screen.choose(
                f"Compare {name}@{shown} with", choices,
                lambda number: _show(screen, name, int(number), shown),
            )  # fmt: skip

    screen.ask(lambda: versions(session, name), chosen_of, f"Read {name}")


def _nearest(others: list[VersionLine], shown: int) -> list[VersionLine]:
    """Return the versions before the one shown, the nearest first, then those after it."""
    before = [one for one in others if one.number < shown]
    after = [one for one in reversed(others) if one.number > shown]
    return [*before, *after]


def _choice(one: VersionLine) -> Choice:
    rows = "" if one.rows is None else f"{words.plural(one.rows, 'row')}, "
    return Choice(str(one.number), f"v{one.number}", f"{rows}{words.moment(one.time)}")


def _show(screen: DataDesk, name: str, one: int, other: int) -> None:
    """Show what changed from the older of two versions to the newer."""
    was, now = sorted((one, other))
    pair = (str(Ref(name, was)), str(Ref(name, now)))
    screen.app.push_screen(screen_of("data diff", screen.session, *pair))
