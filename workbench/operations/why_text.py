"""The page that says why, as lines of text: printed, on the screen and in Markdown the same."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workbench.operations.compare import Compared
from workbench.operations.compared_forms import markdown_text
from workbench.operations.compared_text import cells
from workbench.operations.reasons import MetricDelta, Why
from workbench.runs.beginnings import telling_from
from workbench.runs.comparing import Fact
from workbench.runs.deltas import BETTER, WORSE
from workbench.words import count, delta, number, percent, plural, visible

_MOST_SEEDS = 8
_MOST = 20
"""Rows of a section; the rest is counted."""
_MOST_DIFF = 40
_WIDEST_NAME = 40
_SIGNS = {"+": "good", "-": "bad", "@": "accent", "#": "bold"}
_LONGEST, _BEFORE = 200, 20
"""Characters of a value, and those before the place from which a longer one differs."""


class WhyLine(NamedTuple):
    """A line and the name of its style; nothing in it can steer a terminal."""

    text: str
    style: str = ""


class Section(NamedTuple):
    """A part of the page; ``diff`` lines come after the others and are code."""

    title: str
    lines: tuple[WhyLine, ...]
    diff: tuple[WhyLine, ...] = ()


def why_lines(found: Why) -> tuple[WhyLine, ...]:
    """Return the page, the most telling first."""
    lines = [WhyLine(title(found), "title")]
    for section in sections(found):
        lines += [WhyLine(""), WhyLine(section.title, "heading")]
        lines += [WhyLine(f"  {text}", style) for text, style in (*section.lines, *section.diff)]
    return tuple(lines)


def why_markdown(found: Why) -> str:
    """Return the page in Markdown."""
    lines = [f"# {markdown_text(title(found))}"]
    for section in sections(found):
        lines += ["", f"## {markdown_text(section.title)}", ""]
        lines += [f"- {markdown_text(' '.join(text.split()))}" for text, _ in section.lines if text]
        if section.diff:
            lines += ["", *fenced([text for text, _ in section.diff])]
    return "\n".join(lines) + "\n"


def fenced(rows: Sequence[str], kind: str = "diff") -> list[str]:
    """Return rows as a block of code in Markdown, whatever is in them."""
    fence = "`" * max(3, *(_run_of_ticks(row) + 1 for row in rows), 0)
    return [f"{fence}{kind}", *map(visible, rows), fence]


def _run_of_ticks(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def title(found: Why) -> str:
    """Return the question the page answers; it asks why only of what may be more than chance."""
    verdict = found.main.delta.verdict if found.main else ""
    a, b = visible(found.a.label), visible(found.b.label)
    if verdict in (BETTER, WORSE) and found.difference.distinguishable is False:
        return f"Is {b} {verdict} than {a}?"
    if verdict in (BETTER, WORSE):
        return f"Why is {b} {verdict} than {a}?"
    return f"How does {b} differ from {a}?"


def sections(found: Why) -> tuple[Section, ...]:
    """Return the parts of the page; what is the same in both is told in one line."""
    parts = [Section("Result", tuple(_result(found)))]
    facts = (
        ("Params", found.params), ("Packages", found.packages), ("Data", found.data),
        ("Environment", found.environment),
    )  # fmt: skip
    by_title = {
        name: Section(_counted(name, len(rows)), _facts(rows)) for name, rows in facts if rows
    }
    if found.metrics:
        by_title["Metrics"] = Section(
            _counted("Metrics", len(found.metrics)), _metrics(found.metrics)
        )
    if found.code.same is not True:
        by_title["Code"] = _code(found)
    order = ("Params", "Code", "Packages", "Data", "Metrics", "Environment")
    parts += [by_title[name] for name in order if name in by_title]
    same = _same(found, [name for name in order if name not in by_title])
    notes = [WhyLine(visible(one), "warn") for one in (*found.said, *found.code.missing)]
    if same:
        parts.append(Section("No difference known", (WhyLine(same, "dim"),)))
    if notes:
        parts.append(Section("To keep in mind", tuple(notes)))
    return tuple(parts)


def _same(found: Why, names: Sequence[str]) -> str:
    told = [name.lower() for name in names]
    if "Code" in names:
        told[names.index("Code")] = f"code ({found.code.basis.removesuffix('.')})"
    return ", ".join(told)


def _counted(name: str, rows: int) -> str:
    return f"{name} · {count(rows)}"


def _result(found: Why) -> Iterator[WhyLine]:
    for letter, run in (("A", found.a), ("B", found.b)):
        yield WhyLine(f"{letter}  {_called(run)}")
    if found.main is not None:
        (line,) = _metrics([found.main])
        yield line
        if found.main.guessed:
            said = f"That {_direction(found.main)} is better was guessed from the metric's name."
            yield WhyLine(said, "dim")
    elif found.metric:
        yield WhyLine(f"Only one of the runs has {visible(found.metric)}.", "warn")
    if found.metric:
        sure = found.difference.distinguishable
        style = "bold" if sure else "warn"
        yield WhyLine(f"Over seeds and folds: {visible(found.difference.words)}", style)
        both = [visible(one.place) for one in found.repeats if one.a and one.b]
        if both and sure is not None:
            more = f" and {count(len(both) - _MOST_SEEDS)} more" if len(both) > _MOST_SEEDS else ""
            yield WhyLine(f"  with both: {', '.join(both[:_MOST_SEEDS])}{more}", "dim")
    yield WhyLine(_parting(found), "" if found.parting else "dim")


def _direction(one: MetricDelta) -> str:
    return "more" if one.goal == "max" else "less"


def _called(run: Compared) -> str:
    status = run.status.lower() + (" (inferred)" if run.inferred else "")
    parts = (run.label, run.name if run.name != run.label else "", run.run_id, status)
    return "  ".join(visible(part) for part in parts if part)


def _parting(found: Why) -> str:
    if found.parting is None:
        return found.curves
    at, size, noise = found.parting
    return (
        f"The curves of {visible(found.metric)} part at step {number(at, 7)}: from there on B − A "
        f"exceeds the noise of {number(noise, 2)}; at that step it is {delta(size)}."
    )


def _facts(facts: Sequence[Fact]) -> tuple[WhyLine, ...]:
    names = [visible(one.name) for one in facts[:_MOST]]
    wide = min(_WIDEST_NAME, max(map(len, names), default=0))
    lines = [
        WhyLine(f"{name:<{wide}}  {' → '.join(sides(one))}")
        for name, one in zip(names, facts, strict=False)
    ]
    return (*lines, *_more(len(facts)))


def sides(fact: Fact) -> tuple[str, ...]:
    """Return both values as texts that differ where the values do, long ones from there on."""
    texts = cells(fact)
    if max(map(len, texts)) <= _LONGEST:
        return texts
    start = max(0, telling_from(texts, "") - _BEFORE)
    return tuple(_cut(text, start) for text in texts)


def _cut(text: str, start: int) -> str:
    shown = text[start:] if start < len(text) and start else text
    before = "…" if shown is not text else ""
    return before + (shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…")


def _more(rows: int) -> tuple[WhyLine, ...]:
    left = rows - _MOST
    return (WhyLine(f"and {count(left)} more", "dim"),) if left > 0 else ()


def _metrics(metrics: Sequence[MetricDelta]) -> tuple[WhyLine, ...]:
    names = [visible(one.name) for one in metrics[:_MOST]]
    wide = min(_WIDEST_NAME, max(map(len, names), default=0))
    lines = [_metric(f"{name:<{wide}}", one) for name, one in zip(names, metrics, strict=False)]
    return (*lines, *_more(len(metrics)))


def _metric(name: str, one: MetricDelta) -> WhyLine:
    difference, ratio, verdict = one.delta
    text = f"{name}  {number(one.a)} → {number(one.b)}"
    if difference is not None:
        text += f"  {delta(difference)}"
    if ratio:
        text += f"  {'up' if ratio > 0 else 'down'} {percent(abs(ratio))}"
    if verdict in (BETTER, WORSE):
        return WhyLine(f"{text}  {verdict}", "good" if verdict == BETTER else "bad")
    return WhyLine(text)


def _code(found: Why) -> Section:
    code = found.code
    lines = [WhyLine(visible(code.basis), "dim")]
    shown = code.files[:_MOST]
    wide = min(_WIDEST_NAME, max((len(visible(one.path)) for one in shown), default=0))
    lines += [
        WhyLine(f"{visible(one.path):<{wide}}  +{count(one.added)} −{count(one.removed)}")
        for one in shown
    ]
    lines += _more(len(code.files))
    rows = code.text.split("\n")[:-1]
    left = len(rows) - _MOST_DIFF
    if left > 0:
        lines.append(
            WhyLine(f"The first {_MOST_DIFF} lines; {plural(left, 'line')} more by --code.", "dim")
        )
    diff = tuple(diff_line(row) for row in rows[:_MOST_DIFF])
    name = _counted("Code", len(code.files)) if code.files else "Code"
    return Section(name, tuple(lines), diff)


def diff_line(row: str) -> WhyLine:
    """Return a line of a diff with its style."""
    if row.startswith(("+++", "---", "diff --git ")):
        return WhyLine(visible(row), "bold")
    return WhyLine(visible(row), _SIGNS.get(row[:1], ""))
