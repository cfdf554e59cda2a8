"""What a stranger writes into a report is shown as text, never obeyed, and fits the screen."""

from pathlib import Path

import pytest

from tests.drift_building import chunk, column, finding, report, write
from tests.tui.drift.showing import NARROW, WIDE, flights, read, shown, shows
from tests.tui.looking import screen_text, toasts, until

ODD = "odd [bold]name[/] \x1b[2J図"
LABEL = "2014-01\n[red]x\x1b]0;title\x07"


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
async def test_names_with_markup_and_control_characters_are_shown(
    team: Path, size: tuple[int, int]
) -> None:
    """Columns, chunks, segments, words, findings and reasons: every line stays printable."""
    odd = column(
        ODD, "severe", words=f"{ODD} moved\r\nfar", reason="\x07", findings=(finding(words=ODD),),
        importance=1.0,
    )  # fmt: skip
    made = chunk(LABEL, {}, columns=(odd,), verdict="severe", findings=(finding(words=LABEL),))
    write(team, report("flights", chunks=[made], number=13, said=(ODD,), actor=ODD))
    with shown(team, flights) as (app, _):
        async with app.run_test(size=size) as pilot:
            screen = await read(pilot, "")
            grid = screen.strip.grid
            assert grid is not None
            screen.strip.go_to(row=grid.row_of(ODD), at=len(grid.places) - 1)
            await until(pilot, lambda: screen.column is not None and screen.column.name == ODD)
            for key in ("K", "t", "t", "K", "tab", "tab", "tab", "tab", "tab", "tab"):
                text = await shows(pilot, "Drift › flights")
                assert all(line.isprintable() for line in text.splitlines())
                assert "[bold]name[/]" in text or size == NARROW
                await pilot.press(key)


async def test_a_report_that_cannot_be_read_hides_no_other(team: Path) -> None:
    """The strip shows the rest; the file is a fault with its reason."""
    broken = write(team, report("flights", "2014-01", number=13))
    broken.chmod(0o644)
    broken.write_bytes(b"\x1f\x8bnot gzip at all")
    with shown(team, flights) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await read(pilot)
            assert "Chunks 12" in screen_text(app)


async def test_a_report_that_goes_while_it_is_looked_at_is_said_to_be_gone(team: Path) -> None:
    """What the strip shows stays, and why there is no plot is told."""
    with shown(team, flights) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            screen = await read(pilot)
            assert screen.page is not None
            key = screen.page.series.chunks[3].key
            found = next(session.root.glob(f"reports/drift/flights/{key}*"))
            found.unlink()
            grid = screen.strip.grid
            assert grid is not None
            screen.strip.go_to(row=grid.row_of("temp"), at=3)
            await shows(pilot, "temp  2013-04")
            await until(pilot, lambda: "There is no file" in toasts(app))
            await pilot.press("tab", "tab")
            await shows(pilot, "! There is no file")
