"""``models``: registered models, the versions of one, or everything about a version."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench import words
from workbench.cli import output
from workbench.cli.options import command, form_options, opened, workspace_option
from workbench.cli.registry_options import say_unreadable
from workbench.cli.rows import print_rows
from workbench.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.operations.registry.listing import ModelLine, VersionLine
    from workbench.operations.session import Session

_MOST_METRICS = 4


@command("models")
@click.argument("name", metavar="[MODEL[@VERSION]]", required=False)
@workspace_option
@click.option("--against", metavar="VERSION", help="Compare the version with this one.")
@form_options("json", "csv", "md")
def models_command(
    name: str | None, workspace: Path | None, against: str | None, form: str | None
) -> None:
    """List models, a model's versions, or one version.

    `models` lists models with what holds each stage, `models churn` the versions of one,
    `models churn@3` or `models churn@production` tells everything about a version, and
    `models churn@3 --against churn@2` how two differ.
    """
    from workbench.operations.registry import listing, names  # noqa: PLC0415 - after parsing
    from workbench.registry.journal import models as there  # noqa: PLC0415 - after parsing

    with opened(workspace) as session:
        if name is None:
            if against is not None:
                raise UsageError("--against needs a version to compare with.")
            say_unreadable(session)
            found = listing.models(session)
            if not found:
                there(session.root)  # a registry that cannot be listed is not an empty one
                if form != "json" and _print_elsewhere(session, form):
                    return
            _print_models(found, session.clock.now(), form)
            return
        ref = names.parse(name)
        say_unreadable(session, ref.model)
        if against is not None:
            _print_compared(session, name, against, form)
        elif ref.version is None and ref.stage is None:
            _print_versions(_versions(session, ref.model), _asked(session), form)
        else:
            _, version = names.resolve(session, ref)
            _print_version(session, ref.model, version.number, form)


def _asked(session: "Session") -> tuple[str, ...]:
    from workbench.operations.registry.metric_order import asked_metrics  # noqa: PLC0415
    from workbench.operations.registry.stages import policy_or_fault  # noqa: PLC0415

    return asked_metrics(policy_or_fault(session)[0])


def _versions(session: "Session", model: str) -> "tuple[VersionLine, ...]":
    from workbench.operations.registry import listing  # noqa: PLC0415
    from workbench.operations.registry.opening_journal import state  # noqa: PLC0415

    state(session, model)
    return listing.versions(session, model)


# -- models ------------------------------------------------------------------------------


def _print_models(found: "Sequence[ModelLine]", now: float, form: str | None) -> None:
    if form == "json":
        output.json_array(_model_fields(one) for one in found)
        return
    if not found:
        output.say("No model is registered. Register one with: workbench register RUN MODEL")
        return
    stages = list(dict.fromkeys(stage.stage for one in found for stage in one.stages))
    names = ["model", "versions", *stages, "registered", "requests", "note"]
    rows = [
        [one.name, str(one.versions), *(_held(one, stage) for stage in stages),
         words.age(now - one.registered if one.registered else None), str(one.requests or ""),
         _model_note(one)]
        for one in found
    ]  # fmt: skip
    print_rows(names, rows, form, right=("versions", *stages, "registered", "requests"))


def _print_elsewhere(session: "Session", form: str | None) -> bool:
    """Print what followed stores hold, as they have it; return whether there is anything."""
    from workbench.operations.registry.elsewhere import (  # noqa: PLC0415 - when there is none here
        models_elsewhere,
        sentence,
    )

    found = models_elsewhere(session)
    rows = [
        [model.name, ", ".join(str(version.number) for version in model.versions),
         ", ".join(f"{alias} {number}" for alias, number in model.aliases.items()), one.title]
        for one in found
        for model in one.models
    ]  # fmt: skip
    if rows:
        print_rows(["model", "versions", "aliases", "held by"], rows, form)
    for one in found:
        output.say(sentence(one))
    return bool(rows)


def _held(one: "ModelLine", stage: str) -> str:
    held = next((each for each in one.stages if each.stage == stage), None)
    if held is None:
        return ""
    number = "empty" if held.version is None else str(held.version)
    return f"{number} frozen" if held.frozen else number


def _model_note(one: "ModelLine") -> str:
    return f"unreadable: {one.unreadable}" if one.unreadable else one.description


def _model_fields(one: "ModelLine") -> dict[str, Any]:
    stages = [
        {**stage._asdict(), "since": words.iso(stage.since),
         "frozen": stage.frozen._asdict() if stage.frozen else None}
        for stage in one.stages
    ]  # fmt: skip
    since = words.iso(one.registered) if one.registered else None
    times = {"registered": since, "changed": words.iso(one.changed)}
    return {**one._asdict(), **times, "stages": stages}


# -- versions ----------------------------------------------------------------------------


def _print_versions(
    found: "Sequence[VersionLine]", asked: "Sequence[str]", form: str | None
) -> None:
    from workbench.operations.registry.metric_order import in_order  # noqa: PLC0415

    if form == "json":
        output.json_array(_version_fields(one) for one in found)
        return
    named = dict.fromkeys(name for one in found for name in one.metrics)
    goals = {name for one in found for name, goal in one.goals.items() if goal}
    metrics = in_order(named, goals, asked)[:_MOST_METRICS]
    names = ["version", "stages", *metrics, "format", "registered", "by", "run", "note"]
    rows = [
        [str(one.number), ", ".join(one.stages),
         *(words.number(one.metrics.get(name)) for name in metrics), _format(one),
         words.moment(one.registered), one.author, one.run_name, _version_note(one)]
        for one in found
    ]  # fmt: skip
    print_rows(names, rows, form, right=("version", *metrics))


def _format(one: "VersionLine") -> str:
    return f"{one.format} · {one.rung}"


def _version_note(one: "VersionLine") -> str:
    if one.deleted:
        return f"deleted by {one.deleted}"
    return f"retired by {one.retired}" if one.retired else one.description


def _version_fields(one: "VersionLine") -> dict[str, Any]:
    datasets = [dataset._asdict() for dataset in one.datasets]
    return {**one._asdict(), "registered": words.iso(one.registered), "datasets": datasets}


# -- one version -------------------------------------------------------------------------


def _print_version(session: "Session", model: str, number: int, form: str | None) -> None:
    from workbench.operations.registry import version  # noqa: PLC0415

    found = version.detail(session, model, number)
    if form == "json":
        output.line(output.as_json(version.detail_fields(found), indent=1))
    elif form is None:
        output.lines(version.detail_text(found))
    else:
        raise UsageError("A version is printed as text or with --json.")


def _print_compared(session: "Session", one: str, other: str, form: str | None) -> None:
    from workbench.cli.registry_options import meant  # noqa: PLC0415
    from workbench.operations.registry import versions_compared as compared  # noqa: PLC0415

    now, was = meant(session, one), meant(session, other)
    if now.model != was.model:
        raise UsageError(f"{one} and {other} are versions of two models.")
    found = compared.compare_versions(session, now.model, was.version, now.version)
    if form == "json":
        output.line(output.as_json(compared.compared_fields(found), indent=1))
    elif form is None:
        output.lines(compared.compared_text(found))
    else:
        raise UsageError("Two versions are compared as text or with --json.")
