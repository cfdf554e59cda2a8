"""What a check asks about stands first, then what has a direction; the machine's comes last."""

from workbench.operations.registry.metric_order import asked_metrics, in_order
from workbench.registry.policy import parse_policy

SETTINGS = b"""\
[stages.staging]
[[stages.staging.checks]]
name = "fast"
rule = "metrics.latency < 20"

[stages.production]
after = "staging"
[[stages.production.checks]]
name = "good"
rule = "git.dirty = false AND metrics.`test/auc` >= champion.metrics.`test/auc` - metrics.std"
"""


def test_the_checks_of_the_last_stage_name_the_main_metric() -> None:
    """Each metric once, in the order of the rules; without settings there is none."""
    policy = parse_policy(SETTINGS, "workbench.toml")
    assert asked_metrics(policy) == ("test/auc", "std", "latency")
    assert asked_metrics(None) == ()


def test_what_is_asked_comes_first_and_the_machine_last() -> None:
    """A direction counts more than a name, and equals keep their order."""
    names = ("system/cpu", "loss", "accuracy", "val/loss", "test/auc", "val/f1")
    goals = {"val/loss", "loss", "system/cpu"}
    assert in_order(names, goals, ("test/auc",)) == (
        "test/auc", "val/loss", "loss", "val/f1", "accuracy", "system/cpu"
    )  # fmt: skip
