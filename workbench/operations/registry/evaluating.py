"""Evaluating the checks of a stage, all of them, now.

One function a kind. A check that cannot be evaluated is undecided, never passed; one check that
breaks does not stop the others, and says itself why it could not be evaluated.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from types import MappingProxyType
from typing import Final

from workbench.errors import WorkbenchError
from workbench.operations.registry.data_facts import facts_with_data
from workbench.operations.registry.differences import signature_differences
from workbench.operations.registry.pinned import reproducible
from workbench.operations.registry.words_given import Asked, approval_result, tick_result
from workbench.operations.session import Session
from workbench.registry import manifest
from workbench.registry.check_options import RUNGS
from workbench.registry.checks import Check, CheckKind, Result
from workbench.registry.facts import Facts, facts_of
from workbench.registry.ladder import belied
from workbench.registry.rules import evaluate, names_data, names_drift
from workbench.registry.state import Version
from workbench.words import plural, visible

FROM_THE_JOURNAL: Final[frozenset[CheckKind]] = frozenset(("rule", "manual", "approval"))
"""Kinds that may come out otherwise when somebody adds an event: tags are changed by events too."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A version that is to take a stage, and what it is measured against."""

    session: Session
    asked: Asked
    champion: Version | None
    damage: Callable[[], tuple[str, ...]]
    """Returns what does not fit of its files; reads every byte of them, once."""

    @property
    def version(self) -> Version:
        """Return the version that is to take the stage."""
        return self.asked.version


def subject_of(session: Session, asked: Asked) -> Subject:
    """Return a version and what holds the stage it is to take."""
    holder = asked.state.stage(asked.policy.name).holder
    champion = asked.state.versions.get(holder) if holder is not None else None

    @cache
    def damage() -> tuple[str, ...]:
        return manifest.check(session.root, asked.state.model, asked.version.manifest)

    return Subject(session, asked, champion, damage)


def evaluate_all(subject: Subject) -> tuple[Result, ...]:
    """Return what comes out of every check of the stage, in the order of the settings."""
    return tuple(evaluate_one(subject, check) for check in subject.asked.policy.checks)


def evaluate_one(subject: Subject, check: Check) -> Result:
    """Return what comes out of one check."""
    try:
        return _KINDS[check.kind](subject, check)
    except WorkbenchError as error:
        return _undecided(check, str(error))
    except Exception as error:  # noqa: BLE001 - one check must not stop the others; it says so
        name = type(error).__name__
        return _undecided(check, f"It could not be evaluated: {name}: {visible(str(error))}.")


def _undecided(check: Check, sentence: str) -> Result:
    return Result(check, "undecided", "", "", sentence)


def _rule(subject: Subject, check: Check) -> Result:
    facts = partial(_facts, subject.session, check.text)
    champion = facts(subject.champion) if subject.champion else None
    columns: tuple[str, ...] = ()
    if "signature" in check.text:
        columns = signature_differences(subject.version, subject.champion)
    return evaluate(check, facts(subject.version), champion, columns)


def _facts(session: Session, rule: str, version: Version) -> Facts:
    """Return what a rule may know of a version; what lies outside its journal if it asks."""
    found = facts_with_data(session, version) if names_data(rule) else facts_of(version)
    if not names_drift(rule):
        return found
    from workbench.operations.drift_facts import drift_facts  # noqa: PLC0415 - few rules ask

    drift = drift_facts(session, version.event.model, version.number)
    return replace(found, drift=drift.facts, drift_why=drift.why)


def _format(subject: Subject, check: Check) -> Result:
    details = subject.version.event.details
    rung, most = str(details.get("rung", "unknown")), str(check.options.get("at_most", "data"))
    observed = _format_words(rung, details.get("types"))
    if rung not in RUNGS:
        why = str(details.get("why_format") or "What the files hold is not known.")
        return Result(check, "undecided", observed, f"at most {most}", visible(why))
    files = manifest.folder_of(
        subject.session.root, subject.asked.state.model, subject.version.manifest
    )
    if belied_by := belied(files, rung):
        return Result(check, "undecided", observed, f"at most {most}", belied_by)
    if RUNGS.index(rung) <= RUNGS.index(most):
        return Result(check, "holds", observed, f"at most {most}")
    return Result(
        check,
        "fails",
        observed,
        f"at most {most}",
        f"The files are {observed}, and the stage takes {most} at most.",
    )


def _format_words(rung: str, types: object) -> str:
    if rung == "data with extra types" and isinstance(types, list | tuple) and types:
        return f"{rung}: {', '.join(visible(str(one)) for one in types)}"
    return visible(rung)


def _files_intact(subject: Subject, check: Check) -> Result:
    problems = subject.damage()
    if not problems:
        return Result(check, "holds", "all hashes fit", "all hashes fit")
    observed = f"{plural(len(problems), 'file')} off"
    return Result(check, "fails", observed, "all hashes fit", " ".join(problems))


def _reproducible(subject: Subject, check: Check) -> Result:
    return reproducible(check, subject.version)


def _manual(subject: Subject, check: Check) -> Result:
    return tick_result(subject.asked, check)


def _approval(subject: Subject, check: Check) -> Result:
    return approval_result(subject.asked, check)


def _prediction(subject: Subject, check: Check) -> Result:
    from workbench.operations.registry.challenge import challenge  # noqa: PLC0415 - numpy

    return challenge(
        subject.session, subject.asked.state.model, subject.version, subject.champion, check
    )


_KINDS: Final[Mapping[CheckKind, Callable[[Subject, Check], Result]]] = MappingProxyType(
    {
        "rule": _rule,
        "format": _format,
        "files-intact": _files_intact,
        "reproducible": _reproducible,
        "manual": _manual,
        "approval": _approval,
        "prediction": _prediction,
    }
)
