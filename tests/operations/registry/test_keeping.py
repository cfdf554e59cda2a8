"""Freezing, retiring, deleting and describing: who is refused, and what stays."""

from collections.abc import Callable

import pytest

from tests.operations.registry.people import MODEL, People
from workbench.errors import NotAllowedError, NotFoundError, UsageError, WorkbenchError
from workbench.operations import trash
from workbench.operations.housekeeping import clean, plan
from workbench.operations.registry.describing import describe
from workbench.operations.registry.freezing import freeze, unfreeze
from workbench.operations.registry.retiring import delete, reinstate, retire
from workbench.registry import manifest
from workbench.registry.event import Event


def files(people: People, version: int) -> bool:
    """Say whether the files of a version are in the registry."""
    hash_ = people.state().versions[version].manifest
    return manifest.folder_of(people.root, MODEL, hash_).is_dir()


def test_a_freeze_has_a_reason_and_an_end(people: People) -> None:
    """Both are in the journal; anybody thaws it, with a reason too."""
    people.register()
    until = people.clock.now() + 3600
    event = freeze(people.ana, MODEL, "production", "Black Friday", until)
    assert (event.reason, event.details["until"]) == ("Black Friday", until)
    found = people.state().stage("production").freeze
    assert found is not None
    assert found.until == until
    unfreeze(people.ben, MODEL, "production", "It is over.")
    assert people.state().stage("production").freeze is None


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda one: freeze(one.ana, MODEL, "production", ""), "reason is needed"),
        (lambda one: freeze(one.ana, MODEL, "moon", "why"), "no stage 'moon'"),
        (lambda one: freeze(one.ana, MODEL, "production", "why", 5.0), "is over already"),
        (lambda one: freeze(one.ana, "other", "production", "why"), "There is no model other"),
        (lambda one: unfreeze(one.ana, MODEL, "production", "why"), "is not frozen"),
        (lambda one: retire(one.ana, MODEL, 1, " "), "reason is needed"),
        (lambda one: retire(one.ana, MODEL, 7, "why"), "no version 7"),
        (lambda one: reinstate(one.ana, MODEL, 1, "why"), "is not retired"),
        (lambda one: delete(one.ana, MODEL, 1, ""), "reason is needed"),
        (lambda one: delete(one.ana, MODEL, 7, "why"), "no version 7"),
        (lambda one: describe(one.ana, MODEL, 7, description="d"), "no version 7"),
        (lambda one: describe(one.ana, MODEL, 1), "Nothing was to be changed"),
        (lambda one: describe(one.ana, MODEL, 1, tags={" ": "x"}), "needs a name"),
        (lambda one: describe(one.ana, MODEL, 1, description="d" * 100_001), "100,000"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(
    people: People, act: Callable[[People], Event], sentence: str
) -> None:
    """Every refusal says why, and the journal is as it was."""
    people.register()
    with pytest.raises((NotAllowedError, UsageError, NotFoundError), match=sentence):
        act(people)
    assert people.state().seq == 1


def test_a_stage_can_be_frozen_while_nobody_can_read_the_settings(people: People) -> None:
    """That is when somebody wants it frozen."""
    people.register()
    people.settings("[stages")
    freeze(people.ana, MODEL, "production", "The settings are broken.")
    assert people.state().stage("production").freeze is not None


@pytest.mark.parametrize("act", [retire, delete])
def test_a_version_that_holds_a_stage_stays(people: People, act: Callable[..., Event]) -> None:
    """Somebody else has to hold it first."""
    people.register()
    people.promote(1, "staging")
    with pytest.raises(NotAllowedError, match="churn@1 holds staging"):
        act(people.ben, MODEL, 1, "It leaks.")
    assert files(people, 1)


def test_a_retired_version_may_be_taken_back(people: People) -> None:
    """Its files and number were there all the time."""
    people.register()
    retire(people.ana, MODEL, 1, "It leaks.")
    with pytest.raises(NotAllowedError, match="was retired by ana"):
        retire(people.ben, MODEL, 1, "It leaks.")
    reinstate(people.ben, MODEL, 1, "It does not.")
    assert people.promote(1).event.version == 1


def test_a_deleted_version_is_in_the_journal_and_its_files_in_the_trash(people: People) -> None:
    """The number is gone for ever; gc empties the trash as for runs."""
    people.register()
    delete(people.ana, MODEL, 1, "Personal data.")
    assert not files(people, 1)
    (entry,) = trash.trashed(people.ana)
    assert (entry.name, entry.experiment) == ("churn@1", "registry/churn")
    assert people.register() == 2
    with pytest.raises(NotAllowedError, match="was deleted by ana"):
        delete(people.ben, MODEL, 1, "Personal data.")
    assert clean(people.ana, plan(people.ana, empty_trash=True)).deleted == 1
    assert not list((people.root / "trash" / entry.id).parent.glob(entry.id))


def test_files_another_version_shares_stay(people: People) -> None:
    """Two versions of the same bytes are one folder, until the last of them goes."""
    for _ in range(2):
        people.register(content="the same")
    delete(people.ana, MODEL, 1, "twice")
    assert files(people, 2)
    delete(people.ana, MODEL, 2, "both")
    assert not files(people, 2)


def test_files_that_could_not_be_moved_are_moved_by_saying_it_again(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The event is first, so a version is never without files and still there."""
    people.register()

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as drive:
        drive.setattr("workbench.operations.registry.retiring.put_folder", refused)
        with pytest.raises(WorkbenchError, match="is deleted, and its files could not be moved"):
            delete(people.ana, MODEL, 1, "Personal data.")
    assert people.state().versions[1].deleted is not None
    assert files(people, 1)
    event = delete(people.ana, MODEL, 1, "Personal data.")
    assert event == people.last()
    assert not files(people, 1)
    assert people.state().seq == 2


def test_a_description_and_tags_are_written_beside_a_version(people: People) -> None:
    """What is not named stays; None takes a tag away."""
    people.register(description="first", tags={"team": "a", "old": "x"})
    describe(people.ben, MODEL, 1, description="better")
    describe(people.ben, MODEL, 1, tags={"team": "b", "old": None})
    version = people.state().versions[1]
    assert (version.description, dict(version.tags)) == ("better", {"team": "b"})
    assert version.event.details["description"] == "first"
