"""Taking over the models of another tool's registry."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from tests.building import write_run, write_workspace
from workbench.clock import FixedClock
from workbench.formats.native.reader import NativeReader
from workbench.formats.registered import RegisteredModel, RegisteredVersion, Registry
from workbench.operations.importing.finding import Store
from workbench.operations.importing.registered import TakenModel, take_models
from workbench.operations.importing.values import Failed
from workbench.operations.registry.gate import gate
from workbench.operations.registry.promote import promote
from workbench.operations.registry.register import register, versions_of
from workbench.operations.session import Session, open_session
from workbench.registry.event import PROMOTED, REGISTERED

NOW = 2_000_000_000.0
THEN = 1_700_000_000.0


class _Holder(NativeReader):
    """A reader with a registry of its own."""

    title = "MLflow"

    def __init__(self, *models: RegisteredModel) -> None:
        self.models = models

    def registry(self, root: Path) -> Registry:
        """Return the models it was made with."""
        assert root.is_absolute()
        return Registry(self.models)


@dataclass
class There:
    """A registry elsewhere and a workspace here."""

    session: Session
    files: Path
    runs: dict[tuple[Path, str], str] = field(default_factory=dict)
    failed: list[Failed] = field(default_factory=list)

    def version(self, number: int, **more: Any) -> RegisteredVersion:
        """Return a version with files of its own."""
        folder = self.files / f"v{number}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "model.bin").write_bytes(b"weights %d" % number)
        said: Mapping[str, Any] = {
            "run_id": None, "source": f"models:/{number}", "files": folder,
            "created": THEN + number, "user": "dev", **more,
        }  # fmt: skip
        return RegisteredVersion(number, **said)

    def take(self, *models: RegisteredModel) -> list[TakenModel]:
        """Take them over."""
        store = Store(_Holder(*models), self.files)
        return list(take_models(self.session, (store,), self.runs, self.failed, lambda *_: None))


@pytest.fixture
def there(tmp_path: Path) -> Iterator[There]:
    """Nothing yet, here and there."""
    with open_session(
        write_workspace(tmp_path / "w"), clock=FixedClock(NOW), in_memory=True
    ) as session:
        yield There(session, tmp_path / "there")


def test_versions_come_in_the_order_of_their_numbers(there: There) -> None:
    """With description, tags and where they are from; gaps close and are told."""
    model = RegisteredModel(
        "churn", "the model", {"team": "risk"}, THEN,
        (there.version(4, description="four"), there.version(1, tags={"checked": "yes"})),
    )  # fmt: skip
    (taken,) = there.take(model)
    assert (taken.numbers, taken.new, there.failed) == ({1: 1, 4: 2}, 2, [])
    assert taken.said == ("Versions of churn have other numbers here: 4 is 2.",)
    state = versions_of(there.session.root, "churn")
    assert state.versions[1].tags["checked"] == "yes"
    assert state.versions[2].tags["imported.version"] == "4"
    assert state.versions[2].tags["imported.model.team"] == "risk"
    assert state.versions[2].description == "four"


def test_an_event_is_of_now_and_says_when_it_was_there(there: There) -> None:
    """The journal's own time and author are not those of somebody else's registry."""
    there.take(RegisteredModel("churn", versions=(there.version(1),)))
    (event,) = versions_of(there.session.root, "churn").events
    assert (event.kind, event.time) == (REGISTERED, NOW)
    origin = event.details["origin"]
    assert (origin["registered"], origin["by"], origin["from"]) == (THEN + 1, "dev", "MLflow")


def test_taking_over_twice_does_nothing(there: There) -> None:
    """A version is known by where it is from, also beside versions registered here."""
    (there.files.parent / "own.bin").write_bytes(b"own")
    register(there.session, "churn", there.files.parent / "own.bin")
    model = RegisteredModel("churn", versions=(there.version(1),), aliases={"production": 1})
    (first,) = there.take(model)
    (again,) = there.take(model)
    assert (first.numbers, again.numbers) == ({1: 2}, {1: 2})
    assert (first.new, again.new) == (1, 0)
    assert (first.stages, again.stages) == ({"production": 2}, {})
    assert len(versions_of(there.session.root, "churn").events) == 3


def test_a_new_version_there_is_the_next_one_here(there: There) -> None:
    """The others keep their numbers."""
    one = there.version(1)
    there.take(RegisteredModel("churn", versions=(one,)))
    (taken,) = there.take(RegisteredModel("churn", versions=(one, there.version(2))))
    assert (taken.numbers, taken.new) == ({1: 1, 2: 2}, 1)


def test_a_version_belongs_to_the_copy_of_its_run(there: There) -> None:
    """Params and metrics of the run are known with it."""
    built = write_run(there.session.root, number=1, name="good", params={"lr": 0.5})
    there.runs[there.files, "abc"] = built.run_id
    there.take(RegisteredModel("churn", versions=(there.version(1, run_id="abc"),)))
    details = versions_of(there.session.root, "churn").versions[1].event.details
    assert (details["run"]["id"], details["params"]["lr"]) == (built.run_id, 0.5)


def test_stages_and_aliases_of_that_name_are_taken_and_others_become_tags(there: There) -> None:
    """An alias counts before a stage of the old kind."""
    versions = (there.version(1, stage="Production"), there.version(2, stage="Archived"))
    (taken,) = there.take(
        RegisteredModel("churn", versions=versions, aliases={"champion": 1, "staging": 2})
    )
    assert taken.stages == {"production": 1, "staging": 2}
    state = versions_of(there.session.root, "churn")
    assert state.stage("staging").holder == 2
    assert state.versions[1].tags["imported.aliases"] == "champion"
    assert state.versions[2].tags["imported.stage"] == "Archived"


@pytest.mark.parametrize(
    "rules", ['after = "staging"', 'checks = [{name = "small", rule = "size < 1"}]']
)
def test_a_stage_with_rules_is_left_for_people(there: There, rules: str) -> None:
    """What is to be done is told, and nothing gets past a check."""
    (there.session.root / "workbench.toml").write_text(f"[stages.production]\n{rules}\n")
    model = RegisteredModel("churn", versions=(there.version(1),), aliases={"production": 1})
    (taken,) = there.take(model)
    assert taken.stages == {}
    (said,) = taken.said
    assert said.startswith("churn@1 was in production, which has rules here: ")
    assert said.endswith("workbench promote churn@1 --stage production")
    kinds = [event.kind for event in versions_of(there.session.root, "churn").events]
    assert PROMOTED not in kinds


def test_a_stage_that_is_held_here_is_left_for_people(there: There) -> None:
    """What somebody promoted here stays until somebody here decides otherwise."""
    (there.files.parent / "own.bin").write_bytes(b"own")
    register(there.session, "churn", there.files.parent / "own.bin")
    promote(there.session, gate(there.session, "churn", 1, "production"), "ours")
    model = RegisteredModel("churn", versions=(there.version(1),), aliases={"production": 1})
    (taken,) = there.take(model)
    assert "which is held here" in taken.said[1]
    assert versions_of(there.session.root, "churn").stage("production").holder == 1


def test_what_cannot_be_registered_is_told_and_the_rest_goes_on(there: There) -> None:
    """Files that are gone, and a name no model here can have."""
    gone = there.version(1, files=None)
    (taken,) = there.take(RegisteredModel("Iris Clf!", versions=(gone, there.version(2))))
    assert (taken.name, taken.numbers) == ("iris-clf", {2: 1})
    assert taken.said[0] == "The model 'Iris Clf!' is called 'iris-clf' here."
    assert there.failed == [
        Failed("Iris Clf! version 1", "its files are nowhere to be found: models:/1")
    ]


def test_versions_of_the_same_files_and_run_are_versions_here_too(there: There) -> None:
    """Each keeps its own aliases, tags and description."""
    one = there.version(1, description="first", tags={"q": "0"})
    three = replace(one, number=3, created=THEN + 9, description="third", tags={"q": "2"})
    model = RegisteredModel("churn", versions=(one, three), aliases={"champion": 3})
    (taken,) = there.take(model)
    assert (taken.numbers, taken.new) == ({1: 1, 3: 2}, 2)
    versions = versions_of(there.session.root, "churn").versions
    assert [versions[n].description for n in (1, 2)] == ["first", "third"]
    assert versions[2].tags["imported.aliases"] == "champion"
    assert [versions[n].tags["q"] for n in (1, 2)] == ["0", "2"]
    (again,) = there.take(model)
    assert (again.numbers, again.new) == ({1: 1, 3: 2}, 0)


def test_other_names_and_numbers_are_told_once(there: There) -> None:
    """An import that registers nothing repeats nothing."""
    model = RegisteredModel("Iris!", versions=(there.version(4),))
    (first,) = there.take(model)
    assert len(first.said) == 2
    (again,) = there.take(model)
    assert again.said == ()


def test_a_model_without_versions_is_told(there: There) -> None:
    """A model here is what its versions are."""
    (taken,) = there.take(RegisteredModel("orphan"))
    assert (taken.new, taken.said) == (0, ())
    assert [one.what for one in there.failed] == ["the model orphan"]
