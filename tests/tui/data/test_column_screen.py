"""A column's page: its drawing, its facts, its values, and what it was in other versions."""

from pathlib import Path

from tests.tui.data.building import HIDDEN
from tests.tui.data.showing import column, shown
from tests.tui.looking import lines_with, screen_text, toasts, until
from tests.tui.registry.showing import NARROW, WIDE, on, shows
from workbench import words
from workbench.operations.datasets.fields import set_fields
from workbench.tui.data.column_screen import ColumnScreen
from workbench.tui.data.loader import load_column
from workbench.tui.widgets.choose import ChooseScreen


async def test_shape_facts_values_and_versions_stand_together_where_there_is_room(
    team: Path,
) -> None:
    """At 160x50 all four parts are on the screen, and none steers the terminal."""
    with shown(team, column("census", "age")) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            text = await shows(pilot, "median 52", "┤", "Quantiles", "Over versions", "share")
            assert "2 of 7 columns" in text
            assert lines_with(text, " v2 ")
            assert all(line.isprintable() for line in text.splitlines())


async def test_one_part_at_a_time_where_there_is_little_room(team: Path) -> None:
    """At 80x24 Tab goes from the drawing to facts, values and versions."""
    with shown(team, column("census", "plan")) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "basic", "┤", "66.6%")
            await pilot.press("tab")
            await shows(pilot, "category:")
            await pilot.press("tab")
            assert "████" in lines_with(await shows(pilot, "334"), " basic ")[0]
            await pilot.press("tab")
            await shows(pilot, "v3", "v2")


async def test_the_drawing_can_be_a_table_logarithmic_or_clipped(team: Path) -> None:
    """T shows bins with their counts; L and C change what is drawn and say so."""
    with shown(team, column("census", "wage")) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            plain = await shows(pilot, "median", "┤")
            await pilot.press("C")
            await shows(pilot, "further out not shown")
            await pilot.press("C", "L")
            await until(pilot, lambda: "further out" not in screen_text(app))
            await until(pilot, lambda: screen_text(app) != plain)
            await pilot.press("t")
            await shows(pilot, "Bins", "from", "rows")
            await pilot.press("t")
            await shows(pilot, "median", "┤")


async def test_a_column_without_an_axis_offers_no_other_axis(team: Path) -> None:
    """L and C are in the footer of numbers alone, M of what is sensitive; pressed, they say why."""
    with shown(team, column("census", "plan")) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, "census v3 › plan")
            footer = screen_text(app).splitlines()[-1]
            assert not any(word in footer for word in ("L Log", "C Clip", "M Unmask"))
            await pilot.press("L")
            await until(pilot, lambda: "Only numbers and moments are drawn" in toasts(app))
            await pilot.press("N")
            await shows(pilot, "census v3 › city")
            await pilot.press("N")
            await shows(pilot, "census v3 › wage", "L Log", "C Clip")
            await pilot.press("t")
            await shows(pilot, "Bins")


async def test_short_lists_leave_their_lines_to_the_facts(team: Path) -> None:
    """Where two values and three versions are all, nothing of the facts is cut at 50 lines."""
    with shown(team, column("census", "plan")) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, "census v3 › plan", "Over versions")
            facts, lists = (app.screen.query_one(id_).size.height for id_ in ("#facts", "#over"))
            assert lists < 8
            assert facts > 35


async def test_n_goes_on_and_comes_round(team: Path) -> None:
    """After the last column comes the first, and N goes the other way."""
    with shown(team, column("census", "churned")) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "census v3 › churned", "7 of 7")
            await pilot.press("n")
            await shows(pilot, "census v3 › person", "1 of 7")
            await pilot.press("N")
            await shows(pilot, "census v3 › churned")


async def test_enter_on_a_version_shows_the_column_as_it_was(team: Path) -> None:
    """The header says which version, the list of versions stays."""
    with shown(team, column("census", "age")) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "census v3 › age")
            await pilot.press("shift+tab")
            await shows(pilot, "▸Over versions")
            await pilot.press("down", "enter")
            await shows(pilot, "census v2 › age", "v3")


async def test_values_are_narrowed_by_letters(team: Path) -> None:
    """Only stored values that hold the letters are listed, with their own counts."""
    with shown(team, column("census", "city")) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "census v3 › city")
            await pilot.press("tab", "tab", "slash", *"red", "enter")
            text = await shows(pilot, "[red]x[/]")
            assert "Oslo" not in text


async def test_a_sensitive_column_shows_no_value_of_anybody(team: Path) -> None:
    """Names and values are hidden in drawing, facts and list until M asks for them."""
    with shown(team, column("people", "salary")) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            text = await shows(pilot, "people v1 › salary", "•••", "sensitive")
            assert "2049.25" not in text
            await pilot.press("M")
            await until(pilot, lambda: "•••" not in screen_text(app))
            await pilot.press("N")
            text = await shows(pilot, "people v1 › name")
            assert HIDDEN not in text


async def test_a_column_that_is_sensitive_since_shows_what_was_stored_only_when_asked(
    team: Path,
) -> None:
    """Masked it has no ends and no exact quartile, though its profile has; `M` shows them."""
    with shown(team, column("census", "wage")) as (app, session):
        stored = load_column(session, "census", None, "wage").column
        set_fields(session, "census", {"sensitive": ["wage"]})
        ends = [words.number(end, 6) for end in (stored.numbers.min, stored.numbers.max)]
        async with app.run_test(size=WIDE) as pilot:
            text = await shows(pilot, "census v3 › wage", "sensitive", "Quantiles")
            assert not any(end in text for end in ends)
            page = app.screen.page
            assert page.column.numbers.max is None
            assert page.column.numbers.median != stored.numbers.median
            await pilot.press("M")
            await shows(pilot, *ends)
            assert app.screen.page.column == stored
            await pilot.press("M")
            await until(pilot, lambda: app.screen.page.column.numbers.max is None)


async def test_a_role_is_said_by_a_person_and_taken_back(team: Path) -> None:
    """E on a column offers what can be said of it; the role says who said it."""
    with shown(team, column("census", "age")) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "census v3 › age", "┤")
            await pilot.press("E")
            await on(pilot, ChooseScreen)
            await pilot.press(*"role", "enter")
            await shows(pilot, "Role of age?")
            await pilot.press(*"categ", "enter")
            await until(pilot, lambda: "age is a category column" in toasts(app))
            await on(pilot, ColumnScreen)
            await pilot.press("tab")
            await shows(pilot, "category: said by a person (was number")
            await pilot.press("u")
            await shows(pilot, "number:")
