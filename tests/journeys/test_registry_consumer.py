"""A consumer reads without a pause while versions are promoted and rolled back under its hands."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.surroundings import Surroundings
from tests.operations.registry.serving import MODEL, STAGE, Serving
from workbench.operations.registry import rollback
from workbench.operations.registry.card import Done
from workbench.operations.registry.gate import gate
from workbench.operations.registry.promote import promote

SCRIPT = Path(__file__).parent / "scripts" / "consumer.py"
_LONG = (pytest.mark.slow, pytest.mark.timeout(900))


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    """Four registered versions, the first one in production."""
    one = Serving(tmp_path)
    one.settings()
    for _ in range(4):
        one.register()
    one.promoted(1)
    yield one
    one.session.close()


def switched(serving: Serving, turn: int) -> Done:
    """Promote the next version, or every third time roll the last one back."""
    if turn % 3 == 2:
        target = serving.served
        card = rollback.card(serving.session, MODEL, STAGE, 1 if target != 1 else 2)
        return rollback.roll_back(serving.session, card, f"turn {turn}")
    now = serving.current.pointer.version
    assert now is not None
    card = gate(serving.session, MODEL, now % 4 + 1, STAGE)
    return promote(serving.session, card, f"turn {turn}")


@pytest.mark.parametrize("switches", [30, pytest.param(200, marks=_LONG)])
def test_only_whole_versions(here: Surroundings, serving: Serving, switches: int) -> None:
    """Whatever moment a consumer looks at, one version is there, whole, and the right one."""
    consumer = here.script(SCRIPT, str(serving.root), str(serving.out))
    assert consumer.stdout
    assert consumer.stdout.readline() == "ready\n"
    held = [serving.served]
    for turn in range(switches):
        done = switched(serving, turn)
        assert done.deployment.state == "deployed"
        assert serving.served == done.event.version
        held.append(done.event.version)
    said, complaints = consumer.communicate()
    assert complaints == ""
    for seen in json.loads(said).values():
        assert seen["wrong"] == []
        assert seen["looks"] > 1
        assert seen["versions"][0] == 1
        assert is_part(seen["versions"], held)


def is_part(seen: list[int], held: list[int | None]) -> bool:
    """Say whether everything seen was held in that order: never back to an older pointer."""
    rest = iter(held)
    return all(any(version == one for one in rest) for version in seen)


def test_order_is_told_apart() -> None:
    """A consumer that saw an older version come back unasked would be noticed."""
    assert is_part([1, 3], [1, 2, 3])
    assert not is_part([1, 3, 2], [1, 2, 3])
