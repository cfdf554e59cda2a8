"""The dataset under the cursor in a few lines, and everything about one of its versions."""

from workbench import words
from workbench.datasets.table import format_words
from workbench.operations.datasets import version as versions
from workbench.operations.datasets.listing import DatasetLine
from workbench.tui.cells import Cell, Line, cut
from workbench.tui.data.loader import DatasetPage
from workbench.tui.data.rows import sign_of
from workbench.tui.paragraphs import bullets, heading, labelled
from workbench.tui.registry.section_lines import sections_lines


def summary_lines(
    line: DatasetLine, now: float, page: DatasetPage | None, width: int
) -> list[Line]:
    """Return a dataset in short, and what is known of its newest version once that was read."""
    lines: list[Line] = [
        (Cell(cut(line.name, width), "bold"), Cell(f"  v{line.version}", "accent")),
        (Cell(_counts(line), "dim"),),
        *flag_lines(line.flags, width),
        *bullets(
            [f"! {line.fault or line.unread}"] * bool(line.fault or line.unread), "bad", width
        ),
    ]
    if page is None or page.name != line.name:
        told = line.description.split("\n") if line.description else []
        return [*lines, *bullets(told, "italic", width), *_facts(line, now, width)]
    return lines if page.detail is None else [*lines, *about_lines(page, width, short=True)]


def about_lines(page: DatasetPage, width: int, *, short: bool = False) -> list[Line]:
    """Return everything about a version but its columns: facts, fields, files, who used it.

    Args:
        page: The dataset and the version.
        width: Cells.
        short: Flags and description stand above already.
    """
    lines: list[Line] = []
    if not short:
        lines += flag_lines(page.line.flags if page.line else (), width)
    if page.fault:
        lines += bullets([f"! {page.fault}"], "bad", width)
    if page.detail is None:
        return lines
    found = page.detail._replace(profile=None)
    return [*lines, *sections_lines(versions.sections(found), width)]


def flag_lines(flags: tuple[str, ...], width: int) -> list[Line]:
    """Return what stands out, one below the other."""
    return [
        line
        for flag in flags
        for sign, style in [sign_of(flag)]
        for line in bullets([f"{sign} {flag}"], style, width)
    ]


def _counts(line: DatasetLine) -> str:
    rows = "rows not counted" if line.rows is None else words.plural(line.rows, "row")
    return f"{rows}, {words.plural(line.versions, 'version')}, {words.size(line.size)}"


def _facts(line: DatasetLine, now: float, width: int) -> list[Line]:
    facts = {
        "registered": f"{words.age(now - line.time)} ago",
        "owner": line.owner or words.UNKNOWN,
        "personal": line.personal or "nobody has said",
        "from": line.path,
        "read as": format_words(line.reader),
        "used by": f"{words.plural(line.runs, 'run')}, "
        f"{words.plural(line.versions_of_models, 'model version')}",
    }
    return [*heading("Newest version"), *labelled(facts, width)]
