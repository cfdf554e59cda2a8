"""Two versions side by side: metrics, params, columns, data, packages and code."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from workbench import words
from workbench.catalogue.cards import RunRecord, cards
from workbench.catalogue.places import numbers
from workbench.operations.code import CodeDifference, code_difference
from workbench.operations.registry.card import Delta
from workbench.operations.registry.differences import (
    data_differences,
    metric_deltas,
    signature_differences,
)
from workbench.operations.registry.opening_journal import state as read_state
from workbench.operations.registry.opening_journal import version_of
from workbench.operations.sections import Section, section, text
from workbench.operations.session import Session
from workbench.registry.details import mapping
from workbench.registry.state import Version


class Difference(NamedTuple):
    """A named value that differs; None where one side does not have it."""

    name: str
    was: Any
    now: Any


@dataclass(frozen=True, slots=True)
class VersionsCompared:
    """How one version of a model differs from another."""

    model: str
    was: Version
    now: Version
    metrics: tuple[Delta, ...]
    params: tuple[Difference, ...]
    signature: tuple[str, ...]
    data: tuple[str, ...]
    packages: tuple[Difference, ...]
    code: CodeDifference | None
    """None where a run is not in the workspace any more."""
    said: tuple[str, ...]
    """What could not be compared."""


def compare_versions(session: Session, model: str, was: int, now: int) -> VersionsCompared:
    """Return how version ``now`` differs from version ``was``.

    Raises:
        NotFoundError: There is no such model or version.
    """
    state = read_state(session, model)
    old, new = version_of(state, was), version_of(state, now)
    code, said = _code(session, old, new)
    goals = {**session.goals, **session.settings.goals}
    return VersionsCompared(
        model=model,
        was=old,
        now=new,
        metrics=metric_deltas(new, old, goals),
        params=_differences(old, new, "params"),
        signature=signature_differences(new, old),
        data=data_differences(new, old),
        packages=_packages(old, new),
        code=code,
        said=said,
    )


def compared_sections(found: VersionsCompared) -> tuple[Section, ...]:
    """Return what differs under headings; what is equal is left out."""
    heads = ("", f"v{found.was.number}", f"v{found.now.number}")
    title = f"{found.model}: v{found.was.number} → v{found.now.number}"
    metrics = [_metric(one) for one in found.metrics if one.was != one.now]
    equal = len(found.metrics) - len(metrics)
    if metrics and equal:
        metrics.append(
            (f"{words.plural(equal, 'more metric')} {'is' if equal == 1 else 'are'} equal",)
        )
    parts = (
        *section("metrics", metrics, (*heads, "", "")),
        *section("params", [_row(one) for one in found.params], heads),
        *section("columns", [(one,) for one in found.signature]),
        *section("data", [(one,) for one in found.data]),
        *section("packages", [_row(one) for one in found.packages], heads),
        *section("code", _code_rows(found.code)),
        *section("not compared", [(one,) for one in found.said]),
    )
    first = "They differ in nothing that was recorded." if not parts else _whose(found)
    return (*section(title, [(first,)]), *parts)


def compared_text(found: VersionsCompared) -> Iterator[str]:
    """Yield what differs as lines, the code's diff at the end."""
    yield from text(compared_sections(found))
    if found.code is not None and found.code.text:
        yield ""
        yield from (words.visible(line) for line in found.code.text.splitlines())


def compared_fields(found: VersionsCompared) -> dict[str, Any]:
    """Return what differs as JSON shows it."""
    return {
        "model": found.model,
        "was": found.was.number,
        "now": found.now.number,
        "metrics": [one._asdict() for one in found.metrics],
        "params": [one._asdict() for one in found.params],
        "columns": list(found.signature),
        "data": list(found.data),
        "packages": [one._asdict() for one in found.packages],
        "code": None if found.code is None else found.code.text,
        "said": list(found.said),
    }


def _whose(found: VersionsCompared) -> str:
    same = found.was.manifest == found.now.manifest
    return "Their files are the same." if same else "Their files differ."


def _metric(one: Delta) -> tuple[str, ...]:
    change = None if one.was is None or one.now is None else one.now - one.was
    verdict = {True: "better", False: "worse", None: ""}[one.better]
    numbers = (words.number(one.was), words.number(one.now), words.delta(change))
    return (one.metric, *numbers, verdict)


def _row(one: Difference) -> tuple[str, ...]:
    return (one.name, *("—" if value is None else words.value(value) for value in one[1:]))


def _code_rows(code: CodeDifference | None) -> list[tuple[str, ...]]:
    if code is None:
        return []
    changed = [(one.path, f"+{one.added} −{one.removed}") for one in code.files]
    return [(code.basis,), *changed, *((one,) for one in code.missing)]


def _differences(old: Version, new: Version, part: str) -> tuple[Difference, ...]:
    return _differing(_of(old, part), _of(new, part))


def _packages(old: Version, new: Version) -> tuple[Difference, ...]:
    was, now = (
        {**mapping(one.get("packages")), "python": one.get("python")}
        for one in (_of(old, "environment"), _of(new, "environment"))
    )
    return _differing(was, now)


def _differing(was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Difference, ...]:
    return tuple(
        Difference(name, was.get(name), now.get(name))
        for name in sorted({*was, *now})
        if was.get(name) != now.get(name)
    )


def _of(version: Version, part: str) -> Mapping[str, Any]:
    return mapping(version.event.details.get(part))


def _code(
    session: Session, old: Version, new: Version
) -> tuple[CodeDifference | None, tuple[str, ...]]:
    found = [_record(session, one) for one in (old, new)]
    gone = [
        f"The code of v{version.number}: its run is not in the workspace."
        for version, record in zip((old, new), found, strict=True)
        if record is None
    ]
    was, now = found
    if was is None or now is None:
        return None, tuple(gone)
    return code_difference(session, was, now), ()


def _record(session: Session, version: Version) -> RunRecord | None:
    run_id = str(_of(version, "run").get("id") or "")
    known = numbers(session.catalogue, [run_id]) if run_id else {}
    found = cards(session.catalogue, list(known.values()))
    return found[0] if found else None
