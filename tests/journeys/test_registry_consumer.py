"""A consumer reads without a pause while versions are promoted and rolled back under its hands."""

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from tests.journeys.surroundings import Surroundings
from tests.operations.registry.serving import MODEL, STAGE, Serving
from tests.registry.events import state_of
from workbench.operations.registry import rollback
from workbench.operations.registry.card import Done
from workbench.operations.registry.deploying import overdue
from workbench.operations.registry.gate import gate
from workbench.operations.registry.promote import promote

SCRIPT = Path(__file__).parent / "scripts" / "consumer.py"
DYING = SCRIPT.with_name("dying.py")
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


def test_two_operators(here: Surroundings, serving: Serving) -> None:
    """Two people at two processes who promote at once leave consumers with what is recorded."""
    answers: list[dict[str, str]] = []

    def operate(number: int) -> None:
        operator = here.script(DYING, str(serving.root))
        asked = [
            {"act": "promote", "version": 1 + (number + turn) % 4, "reason": f"{number}.{turn}",
             "die_at": 0}
            for turn in range(8)
        ]  # fmt: skip
        said, _ = operator.communicate("".join(f"{json.dumps(one)}\n" for one in asked))
        answers.extend(json.loads(line) for line in said.splitlines())

    threads = [Thread(target=operate, args=(number,)) for number in (0, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 16
    assert {one["said"] for one in answers} <= {"deployed", ""}  # "" was told why not
    assert all(one["said"] or one["error"] for one in answers)
    assert serving.served == state_of(serving.journal).stage(STAGE).holder
    assert overdue(serving.session) == ()


def is_part(seen: list[int], held: list[int | None]) -> bool:
    """Say whether everything seen was held in that order: never back to an older pointer."""
    rest = iter(held)
    return all(any(version == one for one in rest) for version in seen)


def test_order_is_told_apart() -> None:
    """A consumer that saw an older version come back unasked would be noticed."""
    assert is_part([1, 3], [1, 2, 3])
    assert not is_part([1, 3, 2], [1, 2, 3])
