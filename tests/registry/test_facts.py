"""What rules may know of a version, whatever its event says."""

import math
from typing import Any

import pytest

from tests.registry.events import register, state_of
from workbench.registry.facts import Facts, facts_of, number_of
from workbench.registry.journal import MemoryJournal
from workbench.registry.signature import hash_of, signature_of


def facts(**details: Any) -> Facts:
    """Return the facts of a version with these details."""
    journal = MemoryJournal("churn")
    register(journal, details=details, actor="ana@lab")
    return facts_of(state_of(journal).versions[1])


def test_everything_a_rule_can_ask_is_taken_from_the_event() -> None:
    """Summaries, params, git, the version's own attributes, and each dataset."""
    found = facts(
        metrics={"auc": {"last": 0.9, "max": 0.95, "min": "NaN", "note": "x"}},
        goals={"auc": "max"},
        params={"lr": 0.1},
        tags={"team": "risk"},
        git={"commit": "abc", "dirty": False, "branch": ""},
        signature_hash="5" * 64,
        size=12,
        files=2,
        format="skops",
        rung="data",
        run={"id": "r1", "experiment": "trees"},
        environment={"python": "3.11.2", "packages": {}},
        datasets=[{"name": "census", "hash": "h", "role": "train", "rows": 3}, "nonsense"],
    )
    assert found.name == "churn@1"
    assert found.metrics["auc"]["best"] == found.metrics["auc"]["max"] == 0.95
    assert math.isnan(found.metrics["auc"]["min"])
    assert "note" not in found.metrics["auc"]
    assert found.git == {"commit": "abc", "dirty": False}
    assert found.datasets == ({"name": "census", "digest": "h", "context": "train"}, {})
    expected = {
        "version": 1, "author": "ana@lab", "signature": "5" * 64, "size": 12, "files": 2,
        "format": "skops", "rung": "data", "run": "r1", "experiment": "trees", "python": "3.11.2",
    }  # fmt: skip
    assert expected.items() <= found.attributes.items()
    assert "platform" not in found.attributes


def test_a_signature_is_hashed_anew_so_that_old_versions_compare_with_new_ones() -> None:
    """What the hash is of may have been told otherwise when a version was registered."""
    signature = signature_of({"a": [1, 2]})
    asked = facts(signature=signature, signature_hash="5" * 64).attributes["signature"]
    assert asked == hash_of(signature)


@pytest.mark.parametrize("nonsense", [None, 3, "x", [1], [[]], {"x": None}, {"x": {"y": []}}])
def test_details_of_any_shape_are_facts_or_unknown(nonsense: Any) -> None:
    """A journal may hold anything: nothing of it breaks a check."""
    names = ("metrics", "params", "git", "datasets", "run", "environment", "goals", "size")
    found = facts(**dict.fromkeys(names, nonsense))
    assert found.name == "churn@1"
    assert all(isinstance(one, float) for part in found.metrics.values() for one in part.values())


def test_numbers_are_read_as_they_are_stored() -> None:
    """The three that JSON does not have are texts; what is no number is none."""
    assert number_of(3) == 3.0
    assert number_of("Infinity") == math.inf
    assert number_of(-(10**400)) == -math.inf
    assert [number_of(one) for one in (True, None, "3", [], {})] == [None] * 5
