"""Rows of texts in the form asked for; a terminal is spared columns in which nothing stands."""

from collections.abc import Collection, Sequence

from workbench.cli import output


def print_rows(
    names: Sequence[str],
    rows: Sequence[Sequence[str]],
    form: str | None,
    right: Collection[str] = (),
) -> None:
    """Print rows as CSV, as Markdown, or aligned.

    Args:
        names: Of the columns.
        rows: Cells as text.
        form: ``csv``, ``md`` or None.
        right: Columns that are aligned to the right.
    """
    if form == "csv":
        output.lines(output.separated(names, rows))
        return
    kept = [n for n in range(len(names)) if form == "md" or any(row[n] for row in rows)]
    headings = [output.Heading(names[n], "right" if names[n] in right else "left") for n in kept]
    table = output.Table(headings, [[row[n] for n in kept] for row in rows])
    output.lines(output.markdown(table) if form == "md" else output.aligned(table))
