"""What a trial of Optuna is as a run, whether a database or a journal holds it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from workbench.formats.contract import Fault, Rule, RunCard
from workbench.runfolder import (
    FAILED,
    FINISHED,
    KILLED,
    RUNNING,
    STALE,
    STALE_AFTER,
    UNKNOWN,
    Goal,
    Summary,
    encode_number,
)

VALUE, INTERMEDIATE = "value", "intermediate_value"
STATES = ("RUNNING", "COMPLETE", "PRUNED", "FAIL", "WAITING")
"""In the order of their numbers in a journal."""
UNFINISHED = frozenset(["RUNNING", "WAITING"])
DIRECTIONS = ("NOT_SET", "MINIMIZE", "MAXIMIZE")
MOST_TRIALS = 200_000
"""Of one store; a study of more is read as far as this, and that is said."""
_STATUS = {"RUNNING": RUNNING, "COMPLETE": FINISHED, "PRUNED": KILLED, "FAIL": FAILED}
_GOALS = {"MINIMIZE": Goal.MIN, "MAXIMIZE": Goal.MAX}
_WHOLE = frozenset(["IntDistribution", "IntUniformDistribution", "IntLogUniformDistribution"])
_NAMES_OF_VALUES = "study:metric_names"
"""The attribute under which a study keeps the names of its objectives."""
_LONGEST_FACT = 4_000
"""Characters of an attribute that is shown; samplers keep kilobytes of their own state there."""


@dataclass(slots=True)
class Study:
    """A study; a journal changes it as it is replayed."""

    name: str
    directions: list[str] = field(default_factory=list)
    user: dict[str, Any] = field(default_factory=dict)
    system: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Trial:
    """A trial; a journal changes it as it is replayed."""

    number: int
    state: str
    started: float | None = None
    ended: float | None = None
    params: dict[str, Any] = field(default_factory=dict)
    user: dict[str, Any] = field(default_factory=dict)
    system: dict[str, Any] = field(default_factory=dict)
    values: Sequence[float] = ()
    intermediate: Summary | None = None
    faults: tuple[Fault, ...] = ()


def key_of(number: int) -> str:
    """Return the key of a trial in its file; in the order of their numbers also as text."""
    return f"#{number:06}"


class Seen(NamedTuple):
    """What is true of all trials of a store."""

    alive: float
    """When the store last changed, in seconds since 1970."""
    now: float
    facts: Mapping[str, Any]


def card_of(trial: Trial, study: Study, seen: Seen, alive: float | None = None) -> RunCard:
    """Return a trial as a run.

    Args:
        trial: The trial.
        study: Its study.
        seen: What is true of the whole store.
        alive: The trial's own last sign of life, if it gives any.
    """
    status = _STATUS.get(trial.state, UNKNOWN)
    life = seen.alive if alive is None else alive
    silent = status == RUNNING and seen.now - life >= STALE_AFTER
    reason = trial.system.get("fail_reason")
    return RunCard(
        run_id="",
        name=f"{study.name}/trial {trial.number}",
        experiment=study.name,
        status=STALE if silent else status,
        inferred=silent,
        started=trial.started,
        ended=trial.ended,
        params=dict(trial.params),
        tags={name: as_text(value) for name, value in trial.user.items()},
        metrics=_metrics(trial, study),
        rules=_rules(study),
        facts={**_facts(trial, study), **seen.facts},
        error=str(reason).splitlines() if reason else (),
        faults=trial.faults,
    )


def value_names(study: Study, count: int) -> list[str]:
    """Return the metrics' names of the objective values, as Optuna's own tables have them."""
    given = study.system.get(_NAMES_OF_VALUES)
    if count == 1:
        return [VALUE]
    if isinstance(given, list) and len(given) == count:
        return [f"values_{name}" for name in given]
    return [f"values_{number}" for number in range(count)]


def _metrics(trial: Trial, study: Study) -> dict[str, Summary]:
    names = value_names(study, len(trial.values))
    found = {name: Summary.of(value, None) for name, value in zip(names, trial.values, strict=True)}
    if trial.intermediate is not None:
        found[INTERMEDIATE] = trial.intermediate
    return found


def _rules(study: Study) -> dict[str, Rule]:
    goals = [_GOALS.get(direction) for direction in study.directions]
    names = value_names(study, len(goals))
    rules = {name: Rule(goal) for name, goal in zip(names, goals, strict=True) if goal}
    if len(goals) == 1 and goals[0]:
        rules[INTERMEDIATE] = Rule(goals[0])
    return rules


def _facts(trial: Trial, study: Study) -> dict[str, Any]:
    facts: dict[str, Any] = {"raw_status": trial.state, "number": trial.number}
    if study.directions:
        facts["directions"] = list(study.directions)
    for prefix, attributes in (
        ("system.", trial.system), ("study.", study.user), ("study.system.", study.system),
    ):  # fmt: skip
        facts.update({f"{prefix}{name}": _bounded(value) for name, value in attributes.items()})
    return facts


def _bounded(value: Any) -> Any:
    value = finite(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return value if len(text) <= _LONGEST_FACT else f"{text[:_LONGEST_FACT]}…"


def finite(value: Any) -> Any:
    """Return a JSON value with NaN and the infinities by name."""
    if isinstance(value, float):
        return encode_number(value)
    if isinstance(value, dict):
        return {name: finite(one) for name, one in value.items()}
    if isinstance(value, list):
        return [finite(one) for one in value]
    return value


def as_text(value: Any) -> str:
    """Return a value as a tag holds it."""
    return value if isinstance(value, str) else json.dumps(finite(value), ensure_ascii=False)


class Distribution(NamedTuple):
    """What a param's number stands for."""

    name: str
    choices: tuple[Any, ...] = ()

    def external(self, number: float) -> Any:
        """Return the value the script saw.

        Raises:
            ValueError: No value of this kind has that number.
        """
        if self.name == "CategoricalDistribution":
            if not 0 <= number < len(self.choices):
                message = f"there is no choice {number:g} among {len(self.choices)}"
                raise ValueError(message)
            return finite(self.choices[int(number)])
        return int(number) if self.name in _WHOLE else encode_number(float(number))


@lru_cache(maxsize=1024)
def distribution(text: str) -> Distribution:
    """Return the distribution that a JSON text describes.

    Raises:
        ValueError: It describes none.
    """
    try:
        found = json.loads(text)
        name, attributes = found["name"], found["attributes"]
        choices = tuple(attributes.get("choices", ()))
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        message = "a distribution does not decode"
        raise ValueError(message) from None
    return Distribution(str(name), choices)


def json_or_text(text: object) -> Any:
    """Return what a JSON text says, or the text itself where it says nothing."""
    try:
        return json.loads(text)  # type: ignore[arg-type]  # whatever a database held
    except (ValueError, TypeError, RecursionError):
        return str(text)
