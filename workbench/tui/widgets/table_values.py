"""The values a windowed table shows, and the pages it keeps."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import NamedTuple

from workbench.tui.cells import Align, Cell

PAGE_ROWS = 200
PAGES_KEPT = 32
MOST_SORT_KEYS = 3


class Column(NamedTuple):
    """A column and how it wants to be seen."""

    key: str
    title: str
    align: Align = "left"
    width: int | None = None
    """A person's choice, in cells; None fits the content."""
    pinned: bool = False
    """Stays while the others scroll; pinned columns come first."""
    most: int = 32
    """The widest it becomes by itself."""
    ink: str = ""
    """The style of its title, where it stands for something that has a colour."""


class SortKey(NamedTuple):
    """One column that the rows are sorted by."""

    column: str
    descending: bool = False


class Row(NamedTuple):
    """A row: its key and one finished cell per column."""

    key: Hashable
    cells: tuple[Cell, ...]
    group: bool = False
    """Stands for the rows below it."""
    about: object = None
    """What its owner knows of it beyond the cells; the table hands it back."""
    span: bool = False
    """The cells are pieces of one line across all columns."""


class Page(NamedTuple):
    """Rows from ``start``, of one generation of the view."""

    start: int
    rows: tuple[Row, ...]
    generation: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a table shows of a prepared view: how many rows, which columns, which order."""

    generation: int = 0
    """Grows with every new view; pages of another generation are dropped."""
    count: int = 0
    columns: tuple[Column, ...] = ()
    sort: tuple[SortKey, ...] = ()


def next_sort(
    sort: tuple[SortKey, ...], column: str, *, turn: bool, descending: bool = False
) -> tuple[SortKey, ...]:
    """Return the order after somebody pressed sort, or reverse (``turn``), on a column.

    The newest key leads and the two before it break ties; sorting once more by
    the leading key drops the others, and where there are none turns it.

    Args:
        sort: The order so far.
        column: Where the cursor is.
        turn: Turn the column's own order instead of putting it in front.
        descending: The direction a column starts with.
    """
    known = next((key for key in sort if key.column == column), None)
    if known is not None and (turn or sort == (known,)):
        turned = SortKey(column, not known.descending)
        return tuple(turned if key == known else key for key in sort)
    if sort and known == sort[0]:
        return (sort[0],)
    leading = known or SortKey(column, descending != turn)
    return (leading, *(key for key in sort if key.column != column))[:MOST_SORT_KEYS]


class Pages:
    """The pages at hand, the least recently used forgotten first."""

    def __init__(self, generation: int = 0, count: int = 0) -> None:
        self.generation = generation
        self.count = count
        self._pages: OrderedDict[int, tuple[Row, ...]] = OrderedDict()
        self._asked: set[int] = set()

    def give(self, page: Page) -> bool:
        """Keep a page; False when it is of another generation."""
        if page.generation != self.generation:
            return False
        for begin in range(0, len(page.rows), PAGE_ROWS):
            number = (page.start + begin) // PAGE_ROWS
            self._pages[number] = page.rows[begin : begin + PAGE_ROWS]
            self._pages.move_to_end(number)
            self._asked.discard(number)
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)
        return True

    def miss(self, start: int, generation: int) -> None:
        """Note that a page did not come, so that it is asked for again."""
        if generation == self.generation:
            self._asked.discard(start // PAGE_ROWS)

    def row(self, index: int) -> Row | None:
        """Return a row, or None while its page is not there."""
        number, place = divmod(index, PAGE_ROWS)
        page = self._pages.get(number)
        if page is None or place >= len(page) or index < 0:
            return None
        return page[place]

    def touch(self, start: int, stop: int) -> None:
        """Note that these rows are looked at, so that their pages are kept."""
        for number in range(max(0, start) // PAGE_ROWS, (max(1, stop) - 1) // PAGE_ROWS + 1):
            if number in self._pages:
                self._pages.move_to_end(number)

    def wanted(self, start: int, stop: int) -> list[tuple[int, int]]:
        """Return the pages to fetch for these rows and a little ahead, once each."""
        ahead = PAGE_ROWS // 4
        first = max(0, start - ahead) // PAGE_ROWS
        last = min(self.count, stop + ahead) - 1
        missing = [
            number
            for number in range(first, last // PAGE_ROWS + 1)
            if number not in self._pages and number not in self._asked
        ]
        self._asked.update(missing)
        return [(n * PAGE_ROWS, min(self.count, (n + 1) * PAGE_ROWS)) for n in missing]

    def find(self, key: Hashable) -> int | None:
        """Return where a key is among the pages at hand."""
        for number, rows in self._pages.items():
            for place, row in enumerate(rows):
                if row.key == key:
                    return number * PAGE_ROWS + place
        return None
