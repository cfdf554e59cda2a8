"""In which order the metrics of a model stand: what a stage asks about comes first, everywhere."""

from collections.abc import Collection, Iterable

from workbench.registry.checks import Policy
from workbench.registry.rules import metrics_named

_MACHINE = "system/"
_HELD_OUT = ("val", "test")


def asked_metrics(policy: Policy | None) -> tuple[str, ...]:
    """Return the metrics that checks name, those of the last stage first; none without settings."""
    if policy is None:
        return ()
    rules = (
        check.text
        for stage in reversed(tuple(policy.stages.values()))
        for check in stage.checks
        if check.kind == "rule"
    )
    return tuple(dict.fromkeys(name for rule in rules for name in metrics_named(rule)))


def in_order(
    names: Iterable[str], goals: Collection[str], asked: Collection[str] = ()
) -> tuple[str, ...]:
    """Return metrics with those first that a check names, then those with a direction.

    Args:
        names: The metrics there are; what is equal in all this keeps its order.
        goals: Those of which somebody said what is better.
        asked: Those that checks name, the most important first.
    """
    places = {name: place for place, name in enumerate(asked)}

    def key(name: str) -> tuple[int, bool, bool, bool]:
        return (
            places.get(name, len(places)), name.startswith(_MACHINE), name not in goals,
            not name.startswith(_HELD_OUT),
        )  # fmt: skip

    return tuple(sorted(names, key=key))
