"""A comparison, or the page that says why, as files a person can take along.

Markdown into the current folder, and the charts beside it as SVG pictures the page shows.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace as changed
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from workbench import words
from workbench.durable import replace
from workbench.errors import NotAllowedError
from workbench.ids import slug
from workbench.operations.session import Session
from workbench.words import defused

if TYPE_CHECKING:
    from workbench.charts.palette import Theme
    from workbench.operations.compare import Comparison
    from workbench.operations.many import Picture
    from workbench.operations.why import Why


def export_comparison(
    session: Session,
    comparison: "Comparison",
    pictures: Mapping[str, str],
    printed: Sequence[str] = (),
    *,
    order: Sequence[int],
    equal: bool,
) -> tuple[Path, ...]:
    """Write a comparison as Markdown, its charts as pictures and as printed text beside it.

    Args:
        session: Where; only the time is asked of it.
        comparison: What to write.
        pictures: SVG by metric.
        printed: The same charts as text.
        order: Places of the runs in the order of the columns.
        equal: Write also what is the same for all runs.

    Returns:
        The Markdown file, then the pictures, then the texts.

    Raises:
        NotAllowedError: The current folder cannot be written.
    """
    from workbench.operations.compared_forms import markdown, markdown_text  # noqa: PLC0415
    from workbench.operations.compared_text import texts  # noqa: PLC0415

    stem = _stem(session, "compare")
    shown = ordered(comparison, order)
    files = {f"{stem}-{slug(metric)}.svg": svg for metric, svg in pictures.items()}
    images = [
        f"![{markdown_text(metric)}]({name})" for metric, name in zip(pictures, files, strict=False)
    ]
    drawn = {
        f"{Path(name).stem}.txt": f"{text}\n" for name, text in zip(files, printed, strict=False)
    }
    title = f"# {words.plural(len(shown.runs), 'run')} compared"
    page = [title, "", *markdown(shown, texts(shown, equal=equal))]
    page += [line for image in images for line in ("", image)]
    return _written({f"{stem}.md": "\n".join(page) + "\n"} | files | drawn)


def export_why(session: Session, found: "Why") -> Path:
    """Write the page that says why as Markdown, and return where it is.

    Raises:
        NotAllowedError: The current folder cannot be written.
    """
    from workbench.operations.why import why_markdown  # noqa: PLC0415 - when asked for

    return _written({f"{_stem(session, 'why')}.md": why_markdown(found).rstrip() + "\n"})[0]


def export_plot(session: Session, found: "Picture", theme: "Theme") -> tuple[Path, ...]:
    """Write a chart over many runs: as a picture, as printed text, and its numbers as CSV.

    Raises:
        NotAllowedError: The current folder cannot be written.
    """
    from workbench.charts.figure_printed import printed_figure  # noqa: PLC0415 - when asked for
    from workbench.charts.svg_figure import figure_svg  # noqa: PLC0415

    stem = _stem(session, found.asked.kind)
    printed = printed_figure(found.figure, width=100, height=24, color=False)
    return _written(
        {
            f"{stem}.svg": figure_svg(found.figure, theme=theme),
            f"{stem}.txt": "\n".join((printed, *found.said, "")),
            f"{stem}.csv": _csv(found.headings, found.rows),
        }
    )


def _csv(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([defused(heading) for heading in headings])
    writer.writerows(["" if cell is None else defused(str(cell)) for cell in row] for row in rows)
    return buffer.getvalue()


def ordered(comparison: "Comparison", order: Sequence[int]) -> "Comparison":
    """Return a comparison with its runs in another order."""
    base = comparison.baseline
    return changed(
        comparison,
        runs=tuple(comparison.runs[run] for run in order),
        facts=tuple(fact.placed(order) for fact in comparison.facts),
        baseline=None if base is None else list(order).index(base),
    )


def _stem(session: Session, what: str) -> str:
    stamp = datetime.fromtimestamp(session.clock.now()).astimezone().strftime("%Y%m%d-%H%M%S")
    return f"{what}-{stamp}"


def _written(files: Mapping[str, str]) -> tuple[Path, ...]:
    paths = {Path.cwd() / name: text for name, text in files.items()}
    for path, text in paths.items():
        try:
            replace(path, text.encode("utf-8", "replace"))
        except OSError as error:
            raise NotAllowedError(
                f"{path} cannot be written: {error.strerror or error}.",
                hint="Start the workbench in a folder you may write to.",
            ) from None
    return tuple(paths)
