"""A column in lines: how it is spread, what it is made of, what goes together with it."""

from collections.abc import Sequence

from workbench import words
from workbench.datasets.fields import MASK
from workbench.datasets.profile import Column, Profile
from workbench.operations.datasets import summary
from workbench.operations.sections import Section
from workbench.tui.cells import Cell, Line, cut
from workbench.tui.data.columns import ColumnRow
from workbench.tui.data.loader import ColumnPage, DatasetPage
from workbench.tui.paragraphs import bullets, labelled
from workbench.tui.registry.section_lines import sections_lines

_ROWS = 5
"""Lines of the histogram beside the list."""
_MOST_BINS = 48
_ELSEWHERE = frozenset(("most frequent values",))
"""Sections that have a place of their own on a column's page."""
_BLOCKS = " ▁▂▃▄▅▆▇█"


def column_lines(
    page: DatasetPage, row: ColumnRow, width: int, *, unmasked: bool = False
) -> list[Line]:
    """Return everything about a column in short, for a width."""
    profile = page.profile
    columns = profile.columns if profile is not None else ()
    column = next((one for one in columns if one.name == row.facts.name), None)
    lines: list[Line] = [
        (
            Cell(cut(row.facts.name, width), "bold"),
            Cell(f"  {row.facts.role}", "accent"),
            Cell(f"  {', '.join(row.uses)}", "dim"),
        )
    ]
    if column is None or profile is None:
        lines += labelled({"type": row.facts.type}, width)
        return [*lines, (), *bullets([page.fault or "There is no profile."], "dim", width)]
    lines += [*histogram_lines(column, width), *role_lines(page, column, width)]
    sections = summary.column_sections(column, profile, unmask=unmasked)
    return [*lines, *sections_lines(facts_of(sections), width)]


def page_lines(page: ColumnPage, width: int, *, unmasked: bool = False) -> list[Line]:
    """Return everything about a column but its drawing and its values, for a width."""
    whole, column, profile = page.page, page.column, page.page.profile
    if column is None or profile is None:
        facts = labelled({"type": page.row.facts.type, "used as": ", ".join(page.row.uses)}, width)
        return [*facts, (), *bullets([whole.fault or "There is no profile."], "dim", width)]
    sections = facts_of(summary.column_sections(column, profile, unmask=unmasked))
    kept = [one for one in sections if one.title not in _ELSEWHERE]
    label = label_lines(profile, column.name, whole.fields.label or profile.label, width)
    return [*role_lines(whole, column, width), *label, *sections_lines(kept, width)]


def label_lines(profile: Profile, name: str, label: str, width: int) -> list[Line]:
    """Return how strongly a column goes together with the label; nothing without a label."""
    from workbench.datasets.profiling import correlation_with  # noqa: PLC0415 - numpy, loaded

    if not label or label == name:
        return []
    found = [one for one in correlation_with(profile, name) if label in (one.a, one.b)]
    said = [f"{summary.measure(one.kind)} {words.number(one.value, 3)}" for one in found]
    told = ", ".join(said) if said else "not measured"
    return bullets([f"with the label {label}: {told}"], "bold" if said else "dim", width)


def histogram_lines(column: Column, width: int, rows: int = _ROWS) -> list[Line]:
    """Return a histogram in blocks, as wide as there is room; nothing where there is none."""
    from workbench.charts.profiled import shares  # noqa: PLC0415 - numpy, loaded by then

    if column.fault:
        return bullets([f"! {column.fault}"], "bad", width)
    found = shares(column, min(_MOST_BINS, max(1, width)))
    return [(Cell(line, "accent"),) for line in tall(found, rows)]


def role_lines(page: DatasetPage, column: Column, width: int) -> list[Line]:
    """Return which role a column has and why, also where a person said another one."""
    said = page.fields.roles.get(column.name, "")
    inferred = f"{column.role}: {column.role_reason}" if column.role_reason else column.role
    if said and said != column.role:
        return bullets([f"{said}: said by a person (was {inferred})"], "dim", width)
    return bullets([inferred], "dim", width)


def facts_of(sections: Sequence[Section]) -> list[Section]:
    """Return sections without what stands above them already."""
    above = ("name", "role")
    first, *rest = sections
    kept = tuple(row for row in first.rows if row[0] not in above)
    return [first._replace(rows=kept), *rest]


def nameless(column: Column) -> Column:
    """Return a column's summary without the names of its values, for a drawing."""
    from msgspec.structs import replace  # noqa: PLC0415 - when asked for

    return replace(column, top=tuple((MASK, number) for _, number in column.top))


def tall(bars: Sequence[float], rows: int) -> list[str]:
    """Return shares as columns of blocks, ``rows`` lines high; what is there at all is seen."""
    most = max(bars, default=0.0)
    if most <= 0:
        return []
    eighths = [max(1, round(one / most * rows * 8)) if one > 0 else 0 for one in bars]
    return [
        "".join(_BLOCKS[min(8, max(0, height - row * 8))] for height in eighths).rstrip()
        for row in reversed(range(rows))
    ]
