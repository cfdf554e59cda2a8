"""The rows on the screen: any of them at once, found, ordered, masked, copied, and never lost."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import polars as pl
import pytest
from textual.pilot import Pilot

from tests.building import write_workspace
from tests.tui.looking import lines_with, screen_text, until
from tests.tui.stage import Stage
from workbench.datasets.fields import Fields
from workbench.datasets.manifest import Manifest
from workbench.datasets.table import Column
from workbench.operations.datasets import locate
from workbench.operations.datasets.add import add
from workbench.operations.datasets.names import parse, resolve
from workbench.operations.datasets.rows import Rows
from workbench.operations.session import Session, open_session
from workbench.tui.cells import Cell
from workbench.tui.data.record_screen import RecordScreen, record_lines
from workbench.tui.data.rows_screen import DataRowsScreen
from workbench.tui.widgets.filter_box import FilterBox

ROWS = 3000


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write what is exported among the files of the test."""
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Open an empty workspace."""
    with open_session(write_workspace(tmp_path / "w"), in_memory=True) as opened:
        yield opened


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Write a table in which every seventh row lacks its city."""
    path = tmp_path / "people.parquet"
    k = pl.int_range(ROWS, eager=True)
    pl.DataFrame(
        {
            "id": k,
            "age": (k * 37) % 101,
            "city": [None if n % 7 == 0 else ("" if n == 1 else f"city {n % 5}") for n in k],
            "email": [f"p{n}@x.org" for n in k],
            "tags": [[n, None] for n in k],
        }
    ).write_parquet(path, row_group_size=500)
    return path


@pytest.fixture
def census(session: Session, people: Path) -> Manifest:
    """Register the table; its addresses are sensitive."""
    add(session, "people", people, fields=Fields(sensitive=("email",)))
    return resolve(session, parse("people"))


class Desk:
    """The screen, and a person in front of it."""

    def __init__(self, app: Stage, pilot: Pilot) -> None:
        self.app, self.pilot = app, pilot

    @property
    def screen(self) -> DataRowsScreen:
        """Return the screen of rows, which may be under another."""
        return next(one for one in self.app.screen_stack if isinstance(one, DataRowsScreen))

    @property
    def text(self) -> str:
        """Return what can be read."""
        return screen_text(self.app)

    async def press(self, *keys: str) -> None:
        """Press keys and wait until what they asked for is shown."""
        await self.pilot.press(*keys)
        await self.until(lambda: not self.screen.arranging)

    async def until(self, true: Callable[[], object]) -> None:
        """Wait until something holds."""
        await until(self.pilot, true)

    async def see(self, words: str) -> None:
        """Wait until some words are on the screen."""
        await self.until(lambda: words in self.text)

    async def told(self, words: str) -> None:
        """Wait until some words were told in passing."""
        await self.until(lambda: any(words in one.message for one in self.app._notifications))

    async def row(self) -> int:
        """Return the number of the row under the cursor."""
        await self.until(lambda: self.screen.row_here is not None)
        return self.screen.row_here.number

    async def filter(self, text: str) -> None:
        """Type a filter and take it."""
        await self.pilot.press("slash")
        self.screen.query_one(FilterBox).open(text)
        await self.press("enter")
        await self.until(lambda: self.screen.loaded.wanted.look.filter == text)


async def front(app: Stage, pilot: Pilot) -> Desk:
    """Return a person in front of the rows, once they are there."""
    desk = Desk(app, pilot)
    await until(pilot, lambda: any(isinstance(s, DataRowsScreen) for s in app.screen_stack))
    await until(pilot, lambda: desk.screen.loaded is not None and not desk.screen.arranging)
    return desk


def stage(session: Session, source: Manifest | Path | str, text: str = "") -> Stage:
    """Return a program that shows rows."""
    return Stage(session, lambda: DataRowsScreen(session, source, text))


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_rows_are_there_at_both_sizes(session, people, size):
    """The first rows, how many there are, a null that is no text, an empty text in quotes."""
    app = stage(session, people)
    async with app.run_test(size=size) as pilot:
        desk = await front(app, pilot)
        assert "people.parquet" in desk.text
        assert "3,000 rows" in desk.text
        assert "null" in lines_with(desk.text, "p0@x.org" if size[0] > 100 else " 1 │")[0]
        assert '""' in lines_with(desk.text, " 2 │")[0]


async def test_the_end_is_one_key_away(session, people):
    """Any row is fetched when it comes into sight; the cursor goes where it is sent."""
    app = stage(session, people)
    async with app.run_test(size=(120, 30)) as pilot:
        desk = await front(app, pilot)
        await desk.press("G")
        assert await desk.row() == ROWS - 1
        await desk.see(str(ROWS))
        await desk.press("g")
        assert await desk.row() == 0


async def test_a_row_is_gone_to_by_its_number(session, people):
    """A number leads to its row; one that is not there is refused while it is typed."""
    app = stage(session, people)
    async with app.run_test(size=(120, 30)) as pilot:
        desk = await front(app, pilot)
        await desk.press("at", *"4000")
        await desk.see("A number from 1 to 3,000.")
        await desk.press("escape", "at", *"2,345", "enter")
        await desk.until(lambda: desk.screen.table.cursor == 2344)
        assert await desk.row() == 2344


async def test_an_order_is_seen_from_its_top_and_a_filter_around_the_row(session, people):
    """A new order begins at its first row; a filter, and the order of the file, keep the row."""
    app = stage(session, people)
    async with app.run_test(size=(120, 30)) as pilot:
        desk = await front(app, pilot)
        await desk.press("at", *"1001", "enter")
        await desk.until(lambda: desk.screen.table.cursor == 1000)
        await desk.filter("id > 900")
        assert await desk.row() == 1000
        await desk.see("2,099 of 3,000 rows")
        await desk.press("escape", "l", "l", "s")
        assert desk.screen.look.sort == (("age", False),)
        assert desk.screen.table.cursor == 0
        assert await desk.row() == 0
        await desk.press("j", "j", "j")
        here = await desk.row()
        assert here > 3
        await desk.filter("id >= 0")
        assert await desk.row() == here
        await desk.press("h", "h", "s")
        assert desk.screen.look.sort == ()
        assert desk.screen.table.cursor == here


async def test_a_filter_without_the_row_begins_at_its_top(session, people):
    """Where the row under the cursor does not match, the first one that does is looked at."""
    app = stage(session, people)
    async with app.run_test(size=(120, 30)) as pilot:
        desk = await front(app, pilot)
        await desk.press("G")
        assert await desk.row() == ROWS - 1
        await desk.filter("id < 2000")
        assert desk.screen.table.cursor == 0
        assert await desk.row() == 0


async def test_the_same_key_again_turns_the_order(session, people):
    """Sorting once more is the other direction; by the numbers there is nothing to do."""
    app = stage(session, people)
    async with app.run_test(size=(120, 30)) as pilot:
        desk = await front(app, pilot)
        loaded = desk.screen.loaded
        await desk.press("s")
        assert desk.screen.loaded is loaded
        await desk.press("l", "s")
        assert desk.screen.look.sort == (("id", False),)
        await desk.press("s")
        assert desk.screen.look.sort == (("id", True),)
        assert await desk.row() == ROWS - 1


async def test_the_largest_come_first_when_the_order_is_turned(session, people):
    """S turns the order of the column; what has no value stays last."""
    app = stage(session, people)
    async with app.run_test(size=(120, 30)) as pilot:
        desk = await front(app, pilot)
        await desk.press("l", "l", "S", "g")
        assert desk.screen.look.sort == (("age", True),)
        await desk.until(lambda: desk.screen.table.cursor == 0)
        await desk.row()
        assert desk.screen.row_here.values[1] == 100


async def test_orders_pressed_quickly_add_up(session, people):
    """A second column pressed before the first was answered breaks its ties."""
    app = stage(session, people)
    async with app.run_test(size=(120, 30)) as pilot:
        desk = await front(app, pilot)
        await desk.press("l", "s", "l", "s")
        assert desk.screen.look.sort == (("age", False), ("id", False))
        assert desk.screen.loaded.wanted.look == desk.screen.look


async def test_a_filter_is_counted_completed_and_its_error_has_a_place(session, people):
    """While it is typed the matching rows are counted; what is wrong is pointed at."""
    app = stage(session, people)
    async with app.run_test(size=(120, 30)) as pilot:
        desk = await front(app, pilot)
        await desk.press("slash", *"ci")
        await desk.see("city  column")
        await desk.press("tab", *" = 'city 1'")
        await desk.see("513 of 3,000")
        await desk.press(*" and agee > 3")
        await desk.see("There is no column called 'agee'.")
        mark = lines_with(desk.text, "▲")[0]
        typed = lines_with(desk.text, "agee > 3")[0]
        assert mark.index("▲") == typed.index("agee")
        assert "Did you mean age?" in desk.text


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("zzz = 4", "There is no column called 'zzz'."),
        ("age >", "Expected a value"),
        ("city ~ '('", "expression"),
        ("email = 'x'", "email is masked: a filter would tell its values."),
    ],
)
async def test_a_wrong_filter_stays_open_however_fast_it_is_taken(session, census, text, wrong):
    """Enter straight after the last letter loses nothing: the text, and below it what is wrong."""
    app = stage(session, census)
    async with app.run_test(size=(120, 30)) as pilot:
        desk = await front(app, pilot)
        box = desk.screen.query_one(FilterBox)
        await pilot.press("slash")
        box.query_one("Input").value = text
        box.press_apply()
        await desk.see(wrong)
        assert box.has_class("-open")
        assert box.text == text
        assert desk.screen.look.filter == ""


async def test_escape_takes_filter_and_selection_off_and_then_leaves(session, people):
    """Each press undoes one thing; the last one goes back."""
    app = stage(session, people, "age > 50")
    async with app.run_test(size=(120, 30)) as pilot:
        desk = await front(app, pilot)
        await desk.see("/age > 50")
        await desk.press("o", *"with a null", "enter")
        await desk.see("only nulls")
        await desk.press("escape")
        assert desk.screen.look.filter == ""
        assert desk.screen.look.only == "nulls"
        await desk.press("escape")
        assert desk.screen.look.only == ""
        await desk.see("3,000 rows")
        await pilot.press("escape")
        await desk.until(lambda: not isinstance(app.screen, DataRowsScreen))


async def test_only_repeats_and_only_nulls_of_a_column(session, people):
    """The choice knows the column under the cursor."""
    app = stage(session, people)
    async with app.run_test(size=(120, 30)) as pilot:
        desk = await front(app, pilot)
        await desk.press("o", *"repeated rows", "enter")
        await desk.see("No row repeats another.")
        await desk.press("escape", "l", "l", "l", "o", *"null in city", "enter")
        await desk.see("429 of 3,000 rows")
        await desk.see("only nulls in city")
        await desk.press("escape", "o", *"repeated city", "enter")
        await desk.see("2,999 of 3,000 rows")


async def test_the_value_under_the_cursor_becomes_the_filter(session, people):
    """= keeps the rows with this value, within the filter there is."""
    app = stage(session, people)
    async with app.run_test(size=(120, 30)) as pilot:
        desk = await front(app, pilot)
        await desk.press("j", "j", "l", "l", "l", "equals_sign")
        await desk.until(lambda: desk.screen.look.filter == "city = 'city 2'")
        await desk.press("h", "equals_sign")
        await desk.until(lambda: desk.screen.look.filter == "(city = 'city 2') AND age = 74")
        await desk.until(lambda: not desk.screen.arranging)
        assert await desk.row() == 2
        await desk.press("l", "l", "l", "equals_sign")
        assert desk.screen.look.filter == "(city = 'city 2') AND age = 74"


async def test_a_stopped_answer_leaves_what_was_shown(session, people):
    """Esc while an answer is waited for keeps the rows, the cursor and the order as they were."""
    app = stage(session, people)
    async with app.run_test(size=(120, 30)) as pilot:
        desk = await front(app, pilot)
        await desk.press("j", "j")
        desk.screen.change(sort=(("age", False),))
        assert desk.screen.arranging
        desk.screen.press_back()
        assert not desk.screen.arranging
        assert desk.screen.look.sort == ()
        await pilot.pause()
        assert desk.screen.loaded.wanted.look.sort == ()
        assert await desk.row() == 2
        await desk.press("l", "l", "s")  # and it can be asked again
        assert desk.screen.loaded.wanted.look.sort == (("age", False),)


async def test_sensitive_columns_are_masked_until_somebody_says_so(session, census):
    """Values are dots; M asks, shows, and masks again with whatever asked about them."""
    app = stage(session, census)
    async with app.run_test(size=(140, 30)) as pilot:
        desk = await front(app, pilot)
        assert "people@1" in desk.text
        assert "1 column masked" in desk.text
        assert "@x.org" not in desk.text
        await desk.press("l", "l", "l", "l", "s")
        await desk.told("its order would tell its values")
        assert desk.screen.look.sort == ()
        await desk.press("y")
        assert app.clipboard == ""
        await desk.press("equals_sign")
        await desk.told("email is masked: a filter would tell its values.")
        assert desk.screen.look.filter == ""
        await desk.press("Y")
        await desk.until(lambda: "•••" in app.clipboard)
        assert "@x.org" not in app.clipboard
        await desk.press("M")
        await desk.see("Show sensitive columns?")
        await desk.press("enter")  # Cancel has the focus
        assert "@x.org" not in desk.text
        await desk.press("M", "tab", "enter")
        await desk.see("p0@x.org")
        await desk.filter("email = 'p5@x.org'")
        await desk.see("1 of 3,000 rows")
        await desk.press("M")
        await desk.see("1 column masked")
        assert desk.screen.look.filter == ""
        assert "@x.org" not in desk.text
        await desk.filter("age > 50")
        await desk.press("M", "tab", "enter")
        await desk.see("@x.org")
        await desk.press("s", "M")
        await desk.see("1 column masked")
        assert (desk.screen.look.filter, desk.screen.look.sort) == ("age > 50", ())


async def test_a_row_is_shown_whole(session, people):
    """Enter shows every column under the other, nested values spread; n goes on, Esc back."""
    app = stage(session, people)
    async with app.run_test(size=(120, 30)) as pilot:
        desk = await front(app, pilot)
        await pilot.press("j", "enter")
        await desk.until(lambda: isinstance(app.screen, RecordScreen) and "p1@x.org" in desk.text)
        assert '""' in lines_with(desk.text, "city")[0]
        assert "    null" in desk.text
        await pilot.press("n")
        await desk.see("p2@x.org")
        await pilot.press("y")
        assert '"email": "p2@x.org"' in app.clipboard
        await pilot.press("escape")
        await desk.until(lambda: isinstance(app.screen, DataRowsScreen))


async def test_values_and_marked_rows_are_copied_whole(session, tmp_path):
    """What is cut on the line is whole in the clipboard; marked rows go with their columns."""
    long = "é" * 3000
    pl.DataFrame({"a": [long, "x\ty"], "b": [1, 2]}).write_parquet(tmp_path / "l.parquet")
    app = stage(session, tmp_path / "l.parquet")
    async with app.run_test(size=(120, 30)) as pilot:
        desk = await front(app, pilot)
        await desk.press("l", "y")
        await desk.until(lambda: app.clipboard == long)
        await desk.press("space", "space")
        await desk.see("2 marked")
        await desk.press("Y")
        await desk.until(lambda: app.clipboard == f"a\tb\n{long}\t1\nx y\t2\n")


async def test_columns_are_chosen_by_parts_of_their_names(session, people):
    """Names and parts choose and order columns; none at all is refused."""
    app = stage(session, people)
    async with app.run_test(size=(120, 30)) as pilot:
        desk = await front(app, pilot)
        await desk.press("c", *"zzz")
        await desk.see("No column has such a name.")
        await desk.press("backspace", "backspace", "backspace", *"email, ag", "enter")
        await desk.see("3 of 5 columns")
        assert [column.name for column in desk.screen.loaded.columns] == ["email", "age", "tags"]


async def test_what_is_shown_is_exported(session, people, tmp_path):
    """The file has the rows, the order and the columns of the screen."""
    app = stage(session, people, "age > 98")
    async with app.run_test(size=(120, 30)) as pilot:
        desk = await front(app, pilot)
        await desk.press("l", "S", "e", *"csv", "enter")
        await desk.until(lambda: list(tmp_path.glob("people-parquet-*.csv")))
        await desk.told("Wrote ")
        written = next(tmp_path.glob("people-parquet-*.csv")).read_text("utf-8").splitlines()
        assert written[0] == "id,age,city,email,tags"
        assert len(written) == 1 + desk.screen.loaded.view.rows
        ids = [int(line.split(",")[0]) for line in written[1:]]
        assert ids == sorted(ids, reverse=True)


async def test_a_file_of_lines_is_read_on_while_its_first_rows_are_shown(session, tmp_path):
    """The first rows come at once, all of them when the file is read to its end."""
    path = tmp_path / "x.csv"
    path.write_text("k,v\n" + "".join(f"{k},{k * 2}\n" for k in range(200_000)), "utf-8")
    app = stage(session, path)
    async with app.run_test(size=(120, 30)) as pilot:
        desk = await front(app, pilot)
        assert "199999" not in desk.text
        await desk.see("200,000 rows")
        await desk.press("G")
        assert await desk.row() == 199_999
        await desk.see("399998")


async def test_a_row_is_gone_to_once_the_file_is_read_so_far(session, tmp_path, monkeypatch):
    """While it is counted nobody is told that there are a thousand; Enter asks again."""
    go_on = Event()
    finish = Rows.finish

    def finish_later(rows: Rows, on_rows: Callable[[int], None], stopped: object) -> None:
        on_rows(150_000)
        go_on.wait(30)
        finish(rows, on_rows, stopped)

    monkeypatch.setattr(Rows, "finish", finish_later)
    path = tmp_path / "x.csv"
    path.write_text("k,v\n" + "".join(f"{k},{k * 2}\n" for k in range(200_000)), "utf-8")
    app = stage(session, path)
    async with app.run_test(size=(120, 30)) as pilot:
        desk = await front(app, pilot)
        await desk.press("at", *"1800x00")
        await desk.see("Still counting, 150,000 rows so far.")
        assert "1,000" not in lines_with(desk.text, "Still counting")[0]
        await desk.press(*["backspace"] * 6, *"180000", "enter")
        await desk.see("Still counting")
        go_on.set()
        await desk.until(lambda: not desk.screen.counting)
        await desk.press("enter")
        await desk.until(lambda: desk.screen.table.cursor == 179_999)
        assert await desk.row() == 179_999


async def test_a_file_that_comes_back_is_shown_by_looking_again(session, people, census):
    """Looking again opens what could not be read, and leaves alone what can."""
    away = people.rename(people.with_name("away.parquet"))
    app = stage(session, census)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: "The rows cannot be shown." in screen_text(app))
        away.rename(people)
        await pilot.press("r")
        desk = await front(app, pilot)
        await desk.see("3,000 rows")
        assert "cannot be shown" not in desk.text
        loaded = desk.screen.loaded
        await desk.press("r")
        assert desk.screen.loaded is loaded


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_rows_of_a_version_whose_file_is_another_are_not_shown(session, people, census, size):
    """What lies under a version's path by now is never shown as its rows."""
    pl.DataFrame({"id": [77777]}).write_parquet(people)
    app = stage(session, census)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: "have changed since it was registered" in screen_text(app))
        assert "77777" not in screen_text(app)


async def test_a_doubt_stands_before_everything_else(session, people, census, monkeypatch):
    """Rows of a large file that was touched are shown, and the header says so also at 80 cells."""
    monkeypatch.setattr(locate, "SMALL", 0)
    os.utime(people, ns=(1, 1))
    app = stage(session, census)
    async with app.run_test(size=(80, 24)) as pilot:
        desk = await front(app, pilot)
        assert "≠ perhaps changed · 3,000 rows" in desk.text


async def test_a_file_that_changes_is_not_mixed_with_what_it_was(session, people):
    """The rows shown stay, and what cannot be fetched is said."""
    app = stage(session, people)
    async with app.run_test(size=(120, 30)) as pilot:
        desk = await front(app, pilot)
        pl.DataFrame({"id": [1]}).write_parquet(people)
        await desk.press("l", "s")
        await desk.told("has changed since it was opened")
        assert desk.screen.look.sort == ()
        await desk.press("r")
        await desk.see("1 row ")


@pytest.mark.parametrize("source", ["nothing@1", Path("nothing.parquet")])
async def test_what_cannot_be_opened_says_why(session, source):
    """No blank page: the reason stands in the middle, and Esc leads back."""
    app = stage(session, source)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: "The rows cannot be shown." in screen_text(app))
        assert "nothing" in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, DataRowsScreen))


async def test_an_empty_table_says_so(session, tmp_path):
    """Columns without rows are no error."""
    pl.DataFrame(schema={"a": pl.Int64}).write_parquet(tmp_path / "e.parquet")
    app = stage(session, tmp_path / "e.parquet")
    async with app.run_test(size=(100, 30)) as pilot:
        desk = await front(app, pilot)
        await desk.see("There are no rows.")
        await desk.press("G", "s", "enter", "y", "equals_sign")
        assert "There are no rows." in desk.text


async def test_names_and_values_of_strangers_are_only_text(session, tmp_path):
    """No markup, no control character of a file reaches the terminal."""
    frame = pl.DataFrame({"[red]x\x1b[31m": ["[bold]a\x1b[2J", "b"], "n\nl": [1, 2]})
    frame.write_parquet(tmp_path / "odd.parquet")
    app = stage(session, tmp_path / "odd.parquet")
    async with app.run_test(size=(120, 30)) as pilot:
        desk = await front(app, pilot)
        assert "[red]x␛[31m" in desk.text
        assert "[bold]a␛[2J" in desk.text
        assert "\x1b" not in desk.text
        await pilot.press("enter")
        await desk.see("row 1")
        assert "\x1b" not in desk.text


async def test_a_wide_table_shows_its_first_columns_and_says_so(session, tmp_path):
    """Thousands of columns open at once; the others are chosen by name."""
    pl.DataFrame({f"c{k}": [k] for k in range(3000)}).write_parquet(tmp_path / "wide.parquet")
    app = stage(session, tmp_path / "wide.parquet")
    async with app.run_test(size=(120, 30)) as pilot:
        desk = await front(app, pilot)
        assert "100 of 3,000 columns" in desk.text
        await desk.press("c", *"c2999", "enter")
        await desk.see("1 of 3,000 columns")
        await desk.see("2999")


def test_a_record_wraps_and_says_what_is_left_out():
    """Long texts are whole up to a bound; nested values are spread; nulls are dim words."""
    columns = (Column("t", "text", "String"), Column("l", "list", "List(Int64)"),
               Column("n", "text", "String"))  # fmt: skip
    lines = list(record_lines(columns, ("a " * 200_000 + "b", "[1,2]", None), 60))
    texts = ["".join(cell.text for cell in line).rstrip() for line in lines]
    assert texts[0].startswith("t text         a a a")
    assert texts[-6].endswith("… and more: y on the table copies all of it")
    assert [text.split() for text in texts[-5:]] == [
        ["l", "list", "["], ["1,"], ["2"], ["]"], ["n", "text", "null"],
    ]  # fmt: skip
    assert lines[-1][-1] == Cell("null", "faint italic")
