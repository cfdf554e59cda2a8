"""The runs that words, patterns and filters mean."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building import BEGIN, run_id, write_run, write_workspace
from workbench.clock import FixedClock
from workbench.errors import NotFoundError, UsageError
from workbench.operations import select as selecting
from workbench.operations.select import chosen, select
from workbench.operations.session import Session, open_session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session of four runs, two of one name."""
    workspace = write_workspace(tmp_path / "w")
    for number, name in enumerate(("gbm-a", "gbm-b", "forest", "forest")):
        write_run(workspace, number=number, name=name, started=BEGIN + number)
    with open_session(workspace, clock=FixedClock(), in_memory=True) as made:
        made.sweep()
        yield made


def test_words_patterns_and_filters_name_each_run_once(session: Session) -> None:
    """Runs come in the order they were named in, those of the filter last."""
    found = chosen(session, [run_id(2), "gbm-*", "gbm-a"], 'name = "forest"')
    assert [one.run_id for one in found] == [run_id(n) for n in (2, 1, 0, 3)]
    assert [one.name for one in found] == ["forest", "gbm-b", "gbm-a", "forest"]


def test_no_record_is_read_of_the_runs_that_are_chosen(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A filter may choose all runs there are; what they are called is enough."""

    def refuse(*_: object) -> None:
        raise AssertionError("a whole record was read")

    monkeypatch.setattr(selecting, "cards", refuse)
    assert len(chosen(session, ["gbm-a", "gbm-*"], "metrics.loss > 0")) == 4


def test_a_name_of_several_runs_names_none(session: Session) -> None:
    """Their ids are listed, for one run as for many; what is not there can be told instead."""
    for ask in (lambda: select(session, "forest"), lambda: chosen(session, ["forest"])):
        with pytest.raises(UsageError) as caught:
            ask()
        assert run_id(3) in caught.value.hint
    told: list[NotFoundError] = []
    assert chosen(session, ["nothing", "gbm-?"], missing=told.append)[0].name == "gbm-b"
    assert "nothing" in told[0].message
