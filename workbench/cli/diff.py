"""``diff``: why one run is better than another, or just what differs in their code."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.cli import output
from workbench.cli.options import command, form_options, opened, workspace_option

if TYPE_CHECKING:
    from workbench.operations.code import CodeDifference
    from workbench.operations.why import Why, WhyLine
    from workbench.runs.comparing import Fact

_PAINTS = {
    "title": "1", "heading": "1", "bold": "1", "good": "32", "bad": "31", "warn": "33",
    "accent": "36", "dim": "2",
}  # fmt: skip


@command("diff")
@click.argument("a")
@click.argument("b")
@click.option("-m", "--metric", default="", help="The main metric; else the first with a goal.")
@click.option("--code", "part", flag_value="code", help="Only the code, as a unified diff.")
@click.option("--packages", "part", flag_value="packages", help="Only the packages that differ.")
@click.option("--params", "part", flag_value="params", help="Only the params that differ.")
@workspace_option
@form_options("json", "md")
def diff_command(
    a: str, b: str, metric: str, part: str | None, workspace: Path | None, form: str | None
) -> None:
    """Say why B is better than A, and whether it is just chance.

    A and B are ids, unique parts of ids, or unique names. The code is compared exactly where
    the repository is the current folder's or the workspace's; git runs nothing that the
    repository names, neither filters nor hooks.
    """
    with opened(workspace) as session:
        if part == "code":
            from workbench.operations.code import code_difference  # noqa: PLC0415 - after parsing
            from workbench.operations.select import select  # noqa: PLC0415

            _print_code(code_difference(session, select(session, a), select(session, b)), form)
            return
        from workbench.operations.why import why  # noqa: PLC0415

        found = why(session, a, b, metric=metric)
    if part:
        _print_facts(found.packages if part == "packages" else found.params, form)
    else:
        _print_page(found, form)


def _print_page(found: "Why", form: str | None) -> None:
    from workbench.operations.why import why_lines, why_markdown  # noqa: PLC0415

    if form == "json":
        output.line(output.as_json(_fields(found), indent=1))
    elif form == "md":
        output.line(why_markdown(found).removesuffix("\n"))
    else:
        output.lines(_painted(why_lines(found)))


def _painted(lines: Iterable["WhyLine"]) -> Iterable[str]:
    coloured = output.coloured()
    for text, style in lines:
        paint = _PAINTS.get(style)
        yield f"\x1b[{paint}m{text}\x1b[0m" if coloured and paint and text else text


def _print_code(code: "CodeDifference", form: str | None) -> None:
    """Print the diff alone on stdout; what was compared and what is missing is talk."""
    if form == "json":
        output.line(output.as_json(_code_fields(code), indent=1))
        return
    for sentence in (code.basis, *code.missing):
        output.say(output.visible(sentence))
    if form == "md":
        from workbench.operations.why_text import fenced  # noqa: PLC0415

        output.lines(fenced(code.text.split("\n")[:-1]))
    elif output.terminal():
        from workbench.operations.why_text import diff_line  # noqa: PLC0415

        output.lines(_painted(map(diff_line, code.text.split("\n")[:-1])))
    else:
        output.raw(code.patch or code.text.encode("utf-8", "replace"))


def _print_facts(facts: Iterable["Fact"], form: str | None) -> None:
    from workbench.operations.why_text import sides  # noqa: PLC0415

    if form == "json":
        output.json_array(map(_fact_fields, facts))
        return
    headings = [output.Heading(title) for title in ("name", "A", "B")]
    rows = [[one.name, *sides(one)] for one in facts]
    table = output.Table(headings, rows)
    output.lines(output.markdown(table) if form == "md" else output.aligned(table))


def _fields(found: "Why") -> dict[str, Any]:
    """Return the page as fields; a value a run does not have is left out."""
    return {
        "a": _run_fields(found.a),
        "b": _run_fields(found.b),
        "metric": found.metric or None,
        "goal": (found.main.goal or None) if found.main else None,
        "difference": found.difference._asdict(),
        "repeats": [one._asdict() for one in found.repeats],
        "parting": found.parting._asdict() if found.parting else None,
        **{
            name: [_fact_fields(one) for one in facts]
            for name, facts in (
                ("params", found.params), ("packages", found.packages), ("data", found.data),
                ("environment", found.environment),
            )
        },
        "metrics": [
            {"name": one.name, "a": one.a, "b": one.b, "goal": one.goal or None,
             "goal_guessed": one.guessed, **one.delta._asdict()}
            for one in found.metrics
        ],
        "code": _code_fields(found.code),
        "said": list(found.said),
    }  # fmt: skip


def _run_fields(run: Any) -> dict[str, Any]:
    return {"id": run.run_id, "name": run.name, "label": run.label, "status": run.status.lower()}


def _fact_fields(fact: "Fact") -> dict[str, Any]:
    from workbench.runs.comparing import MISSING  # noqa: PLC0415

    sides = zip(("a", "b"), fact.values, strict=True)
    return {"name": fact.name, **{side: one for side, one in sides if one is not MISSING}}


def _code_fields(code: "CodeDifference") -> dict[str, Any]:
    return {
        "same": code.same,
        "basis": code.basis,
        "missing": list(code.missing),
        "files": [one._asdict() for one in code.files],
        "diff": code.text,
    }
