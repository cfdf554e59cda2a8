"""The windowed table on a screen: what is seen, what moves, what does not."""

import pytest

from tests.tui.gallery import Gallery, columns, row
from tests.tui.looking import lines_with, screen_text, until
from workbench.tui.cells import Cell
from workbench.tui.widgets.table_values import Page, Sheet
from workbench.tui.widgets.windowed_table import WindowedTable


def line_of(table: WindowedTable) -> int:
    """Return the screen line of the cursor, within the table."""
    return table.cursor - table.scroll_offset.y


async def shown(pilot, gallery):
    """Wait until the first rows are there."""
    await until(pilot, lambda: gallery.table.cursor_row is not None)


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_layout(size):
    """Frozen columns, states, the chart and the keys are all there; no line is too long."""
    app = Gallery()
    async with app.run_test(size=size) as pilot:
        await shown(pilot, app.gallery)
        text = screen_text(app)
        assert "workbench › Runs   5,051 runs" in text
        assert "gbm-baseline-00000        │ ✓ finished" in text
        assert lines_with(text, "val/auc▼")
        assert lines_with(text, "? stale~")
        assert "? Help" in text.splitlines()[-1]
        assert all(len(line) == size[0] for line in text.splitlines())
        assert len(text.splitlines()) == size[1]


async def test_the_cursor_stays_on_its_row_and_line():
    """Runs that arrive above move neither the cursor's run nor its place on the screen."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, app.gallery)
        table = app.gallery.table
        await pilot.press(*["down"] * 20)
        key, line = table.cursor_row.key, line_of(table)
        for arrived in range(12):
            app.gallery.insert([10_000 + arrived * 7 + n for n in range(arrived + 1)])
            await until(pilot, lambda: table.cursor_row is not None)
            assert (table.cursor_row.key, line_of(table)) == (key, line)
        assert f"{key:05d}" in lines_with(screen_text(app), "▌")[0]


async def test_a_cursor_that_moved_meanwhile_keeps_its_row():
    """A view prepared for one row, shown when the cursor is on the next, keeps the next."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, app.gallery)
        table = app.gallery.table
        await pilot.press("down", "down")
        prepared_for = table.cursor_row.key
        await pilot.press("down")
        key = table.cursor_row.key
        keys = [7_000, 7_001, *app.gallery.keys]
        sheet = Sheet(table.sheet.generation + 1, len(keys), columns(), table.sheet.sort)
        app.gallery.keys = keys
        table.replace_view(sheet, (), key=prepared_for, position=keys.index(prepared_for))
        await until(pilot, lambda: table.cursor_row is not None)
        assert table.cursor_row.key == key


async def test_a_run_that_went_away_leaves_the_cursor_in_place():
    """When the cursor's run is gone the cursor stands on what took its line."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, app.gallery)
        table = app.gallery.table
        await pilot.press("down", "down", "down")
        app.gallery.keys.remove(table.cursor_row.key)
        app.gallery.show()
        await until(pilot, lambda: table.cursor_row is not None)
        assert table.cursor == 3
        assert table.cursor_row.key == app.gallery.keys[3]


async def test_pages_are_fetched_only_where_somebody_looks():
    """Jumping to the end of 100,000 rows fetches one page, not all before it."""
    app = Gallery(count=100_000)
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, app.gallery)
        await pilot.press("G")
        await until(pilot, lambda: app.gallery.table.cursor_row is not None)
        assert app.gallery.table.cursor_row.key == 99_999
        assert app.gallery.fetched == [(99_800, 100_000)]


async def test_rows_on_their_way_are_seen_as_such():
    """A page that is not here yet is shown as a pattern, and a late one is dropped."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, app.gallery)
        table = app.gallery.table
        app.gallery.answer_page = None
        table.replace_view(Sheet(99, 40, columns()))
        assert table.cursor_row is None
        table.give(Page(0, tuple(row(n) for n in range(40)), 98))
        assert table.cursor_row is None
        table.give(Page(0, tuple(row(n) for n in range(40)), 99))
        assert table.cursor_row.key == 0


async def test_marks_have_letters():
    """A marked row carries its letter, the cursor goes on to the next, and unmarking takes it."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, app.gallery)
        await pilot.press("space", "space")
        await pilot.pause()
        text = screen_text(app)
        assert lines_with(text, " a gbm-baseline-00000")
        assert lines_with(text, " b gbm-target-encoding-00001")
        assert "2 marked" in text
        await pilot.press("up", "space")
        await pilot.pause()
        assert not lines_with(screen_text(app), " b gbm")


async def test_names_are_shown_literally():
    """Markup in a name is text, control characters are symbols, wide characters keep columns."""
    names = {0: "[bold red]not markup[/]", 1: "\x1b[2Jgone\n", 2: "日本語のモデル", 3: "a\u202eb"}
    app = Gallery(names=names)
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, app.gallery)
        text = screen_text(app)
        assert "[bold red]not markup[/]" in text
        assert "␛[2Jgone↵" in text
        assert "日本語のモデル" in text
        assert "a⇄b" in text
        plain = lines_with(text, "mlp-dropout-00008")[0].index("│")
        wide = lines_with(text, "日本語")[0].index("│")
        assert wide == plain - len("日本語のモデル")


async def test_columns_scroll_under_the_cursor():
    """Moving right brings further columns in; the pinned one stays and both ends say how many."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, app.gallery)
        await pilot.press(*["l"] * 8)
        await pilot.pause()
        header = screen_text(app).splitlines()[1]
        assert "model.depth" in header
        assert header.lstrip().startswith("name")
        assert "status" not in header
        assert "‹" in header
        assert "›" in header


async def test_widths_can_be_changed():
    """`>` and `<` change the column under the cursor."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, app.gallery)
        before = screen_text(app).splitlines()[1].index("│")
        await pilot.press(">", ">", "<")
        await pilot.pause()
        assert screen_text(app).splitlines()[1].index("│") == before + 2
        assert app.gallery.table.sheet.columns[0].width == before - 4 + 2


async def test_sorting_is_seen_in_the_header():
    """Several sort keys carry their rank beside the arrow."""
    app = Gallery()
    async with app.run_test(size=(100, 24)) as pilot:
        await shown(pilot, app.gallery)
        await pilot.press("l", "l", "l", "s")
        await until(pilot, lambda: "val/loss▲1" in screen_text(app))
        assert "val/auc▼2" in screen_text(app)
        await pilot.press("S")
        await until(pilot, lambda: "val/loss▼1" in screen_text(app))


async def test_enter_opens_the_row():
    """Enter opens what is under the cursor."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, app.gallery)
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.gallery.opened)
        assert app.gallery.opened == [1]


async def test_an_empty_table_says_why_not():
    """On an empty table a key says why it does nothing, and nothing breaks."""
    app = Gallery(count=0)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("down", "G", "l", "enter", "space")
        await until(pilot, lambda: "There is no row under the cursor." in screen_text(app))
        assert not app.gallery.opened


async def test_only_two_lines_are_drawn_when_the_cursor_moves():
    """A step of the cursor draws the row it left and the row it came to."""
    app = Gallery()
    async with app.run_test(size=(160, 50)) as pilot:
        await shown(pilot, app.gallery)
        table = app.gallery.table
        await pilot.pause()
        drawn: list[int] = []
        draw = table._row_cells
        table._row_cells = lambda index, width: (drawn.append(index), draw(index, width))[1]
        await pilot.press("down")
        await pilot.pause()
        assert set(drawn) == {0, 1}


async def test_widths_are_found_anew_where_the_cells_are_of_another_kind():
    """Columns only grow while rows come in; a view of other lines begins afresh."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, app.gallery)
        table = app.gallery.table
        narrow = dict(table._widths)
        sheet = table.sheet

        def replaced(*, refit: bool) -> None:
            wide = row(0)._replace(
                cells=tuple(Cell("0.9412 ±0.0021 ↑0.945") for _ in sheet.columns)
            )
            generation = table.sheet.generation
            long = Sheet(generation + 1, 1, sheet.columns, sheet.sort)
            table.replace_view(long, [Page(0, (wide,), generation + 1)])
            short = Sheet(generation + 2, 1, sheet.columns, sheet.sort)
            table.replace_view(short, [Page(0, (row(0),), generation + 2)], refit=refit)

        replaced(refit=False)
        assert all(table._widths[key] > width for key, width in narrow.items() if width < 15)
        replaced(refit=True)
        assert all(table._widths[key] <= width for key, width in narrow.items())
