"""A comparison for other programs: Markdown, LaTeX, the fields of JSON and the rows of CSV.

Text of users is text here too: nothing in a name or a value is ever markup.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, Final

from workbench import words
from workbench.operations.compare import Comparison
from workbench.operations.compared_text import Row, Table, best, deltas, folded, picked
from workbench.runs.comparing import MISSING, Fact

_MARKED = re.compile(r"[\\`*{}\[\]<>#|~!&$]|(?<![^\W_])_|_(?![^\W_])")
_LEADING = re.compile(r"^(\d+)([.)])(?=\s)|^([-+=])(?=\s|$)")
_TEX: Final = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': "''",
    "`": r"\textasciigrave{}", "—": "---", "–": "--",
    "…": r"\ldots{}", "∞": r"$\infty$", "±": r"$\pm$", "↓": r"$\downarrow$", "↑": r"$\uparrow$",
    "[": "{[}", "]": "{]}", "*": "{*}",
}  # fmt: skip
_NUMBER = re.compile(r"-(?=[\d.∞])")
_STEP = re.compile(r"(@[\d.,e+-]+)$")


def markdown_text(text: str) -> str:
    """Return text that Markdown shows as it is."""
    escaped = _MARKED.sub(lambda found: f"\\{found[0]}", words.visible(text))
    return _LEADING.sub(lambda found: f"{found[1] or ''}\\{found[2] or found[3]}", escaped)


def markdown(comparison: Comparison, table: Table) -> Iterator[str]:
    """Yield the lines of a Markdown table with the runs above it, fit for a merge request."""
    for one in comparison.runs:
        status = one.status.lower()
        yield f"- **{one.letter}** {markdown_text(one.name)} (`{_code(one.run_id)}`, {status})"
    alike = any(row.alike for row in table.rows)
    yield ""
    yield _piped(["", *map(markdown_text, table.headings), *(["alike"] if alike else [])])
    yield _piped(["---", *["---:"] * len(table.headings), *(["---:"] if alike else [])])
    for row in table.rows:
        if not row.cells:
            blank = [""] * (len(table.headings) + alike)
            label = markdown_text(row.label)
            yield _piped([_indented(row, label if row.depth else f"**{label}**"), *blank])
            continue
        shown = [_markdown_cell(row, n) for n in range(len(row.cells))]
        yield _piped([_indented(row, markdown_text(row.label)), *shown, *([row.alike] * alike)])
    notes = [*filter(None, [folded(table)]), *comparison.said]
    if any(row.best for row in table.rows):
        notes.insert(0, "Bold: the best value of a metric.")
    if notes:
        yield ""
    yield from (f"- {markdown_text(note)}" for note in notes)


def _code(text: str) -> str:
    return words.visible(text).replace("`", "'")


def _piped(row: Sequence[str]) -> str:
    return f"| {' | '.join(row)} |"


def _indented(row: Row, label: str) -> str:
    return "&nbsp;&nbsp;" * max(0, row.depth - 1) + label


def _markdown_cell(row: Row, place: int) -> str:
    text = markdown_text(row.cells[place])
    if row.fact is not None and row.fact.stands_in(place):
        return _STEP.sub(r"`\1`", text)  # as code, or a merge request would call a person
    text = f"**{text}**" if place in row.best else text
    return f"{text} ({row.deltas[place]})" if row.deltas[place] else text


def tex_text(text: str) -> str:
    """Return text that LaTeX sets as it is; signs no font has become a space."""
    return "".join(_tex_sign(sign) for sign in words.visible(text))


def _tex_sign(sign: str) -> str:
    if sign in _TEX:
        return _TEX[sign]
    if sign.isascii() or unicodedata.category(sign)[0] in "LMN":
        return sign
    return " "


def tex(comparison: Comparison, table: Table) -> Iterator[str]:
    """Yield the lines of a LaTeX table for the package booktabs, best values bold."""
    alike = any(row.alike for row in table.rows)
    width = 1 + len(table.headings) + alike
    for one in comparison.runs:
        yield f"% {one.letter}: {_comment(one.name)} ({_comment(one.run_id)})"
    yield f"\\begin{{tabular}}{{l{'r' * (width - 1)}}}"
    yield r"\toprule"
    yield _tex_row(["", *map(tex_text, table.headings), *(["alike"] if alike else [])])
    for row in table.rows:
        if row.depth == 0:
            yield r"\midrule"
            yield _tex_row([f"\\multicolumn{{{width}}}{{l}}{{\\emph{{{tex_text(row.label)}}}}}"])
        else:
            yield _tex_row(_tex_cells(row, width, alike=alike))
    yield r"\bottomrule"
    yield r"\end{tabular}"


def _comment(text: str) -> str:
    return words.visible(text)


def _tex_row(row: Sequence[str]) -> str:
    return f"{' & '.join(row)} \\\\"


def _tex_cells(row: Row, width: int, *, alike: bool) -> list[str]:
    label = r"\quad " * (row.depth - 1) + tex_text(row.label)
    if not row.cells:
        return [label, *[""] * (width - 1)]
    shown = []
    for place, cell in enumerate(row.cells):
        text = _tex_number(cell)
        text = f"\\textbf{{{text}}}" if place in row.best else text
        change = row.deltas[place].partition(" ")[0]
        shown.append(f"{text} ({_tex_number(change)})" if change else text)
    return [label, *shown, *([row.alike] * alike)]


def _tex_number(text: str) -> str:
    """Return a cell with the minus of a number as one, not as a hyphen."""
    return f"$-${tex_text(text[1:])}" if _NUMBER.match(text) else tex_text(text)


def fields(comparison: Comparison, columns: Sequence[str] = ()) -> dict[str, Any]:
    """Return the whole comparison as JSON-able fields, values raw; what is missing is left out."""
    ids = [one.run_id for one in comparison.runs]
    base = comparison.baseline
    return {
        "runs": [
            {
                "letter": one.letter, "id": one.run_id, "name": one.name, "label": one.label,
                "status": one.status.lower(), "inferred": one.inferred,
            }
            for one in comparison.runs
        ],
        "baseline": None if base is None else ids[base],
        "at": comparison.at,
        "facts": [
            {
                "section": fact.section,
                "name": fact.name,
                "goal": fact.goal or None,
                "differs": fact.differs,
                "values": _by_id(ids, fact.values),
                **({"best": [ids[n] for n in sorted(best(fact))]} if fact.goal else {}),
                **_deltas(ids, deltas(fact, base)),
                **_steps(ids, fact),
            }
            for fact in picked(comparison.facts, columns)
        ],
        "said": list(comparison.said),
    }  # fmt: skip


def _by_id(ids: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    return {one: value for one, value in zip(ids, values, strict=True) if value is not MISSING}


def _deltas(ids: Sequence[str], found: Sequence[Any]) -> dict[str, Any]:
    there = [(one, delta) for one, delta in zip(ids, found, strict=True) if delta is not None]
    if not there:
        return {}
    return {
        "deltas": {
            one: {"difference": delta.difference, "ratio": delta.ratio, "verdict": delta.verdict}
            for one, delta in there
        }
    }


def _steps(ids: Sequence[str], fact: Fact) -> dict[str, Any]:
    """Return the steps of values that stand in for those of the step asked for."""
    steps = {one: step for one, step in zip(ids, fact.steps, strict=False) if step is not None}
    return {"steps": steps} if steps else {}


def rows(comparison: Comparison, table: Table) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of CSV: section and name, then each run's raw value; the runs come first."""
    yield ("section", "name", *(one.run_id for one in comparison.runs))
    for name in ("letter", "name", "label"):
        yield ("run", name, *(getattr(one, name) for one in comparison.runs))
    for row in table.rows:
        if row.fact is not None:
            held = (_datum(row.fact, run) for run in range(len(row.fact.values)))
            yield (row.fact.section, row.fact.name, *held)


def _datum(fact: Fact, run: int) -> Any:
    """Return a raw value; one that stands in for a later one is no number to reckon with."""
    value = fact.values[run]
    if fact.stands_in(run):
        return f"{value!r} @{fact.steps[run]:g}"
    return None if value is MISSING else value
