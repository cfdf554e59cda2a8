"""Every kind of check: when it holds, when it fails, and when nobody can tell."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.operations.registry.people import MODEL, People
from workbench.errors import ConflictError, NotAllowedError, UsageError
from workbench.operations.registry import evaluating
from workbench.operations.registry.promote import promote
from workbench.operations.registry.requests import approve, tick
from workbench.operations.registry.signatures import KEY, agree_to_signers
from workbench.registry import manifest
from workbench.registry.checks import Result
from workbench.registry.verification import verify

GIT = {"commit": "9f3c" * 10, "branch": "main", "dirty": False}


def check(kind: str, **options: Any) -> str:
    """Return the settings of a stage with one check."""
    said = "".join(f"{name} = {value!r}\n" for name, value in options.items())
    return f'[[stages.production.checks]]\nname = "it"\nkind = "{kind}"\n{said}'


def result(people: People, settings: str, version: int = 1) -> Result:
    """Return what comes out of the one check of these settings."""
    people.settings(settings)
    (found,) = people.look(version).checks
    return found


@pytest.mark.parametrize(
    ("rung", "at_most", "outcome"),
    [
        ("data", "data", "holds"),
        ("data", "code", "holds"),
        ("data with extra types", "data", "fails"),
        ("data with extra types", "data with extra types", "holds"),
        ("code", "data with extra types", "fails"),
        ("code", "code", "holds"),
        ("unknown", "code", "undecided"),
        ("no such rung", "data", "undecided"),
        (None, "data", "undecided"),
    ],
)
def test_format_is_a_rung_at_most(people: People, rung: Any, at_most: str, outcome: str) -> None:
    """What nobody knows is never on the ladder."""
    people.register(rung=rung, types=["scipy.sparse.csr_matrix"])
    found = result(people, check("format", at_most=at_most))
    assert found.outcome == outcome
    assert found.required == f"at most {at_most}"
    if rung == "data with extra types":
        assert "scipy.sparse.csr_matrix" in found.observed


def test_an_event_is_not_believed_over_the_files(people: People) -> None:
    """A pickle that is recorded as data passes no check of formats, and the doctor names it."""
    people.register(rung="data")
    assert result(people, check("format", at_most="data")).outcome == "holds"
    event = people.last()
    pickled = people.root.parent / "model.pkl"
    pickled.write_bytes(b"\x80\x04N.")
    whole = manifest.publish(manifest.stage(pickled, people.root), people.root, MODEL)
    people.register(rung="data", manifest=whole.hash)
    found = result(people, check("format", at_most="data"), 2)
    assert found.outcome == "undecided"
    assert found.sentence.startswith("It is recorded as data, and its files are code.")
    (amiss,) = verify(people.root, MODEL)
    assert (amiss.seq, amiss.path) == (event.seq + 1, f"registry/{MODEL}/files/{whole.hash}")
    assert "its files are code" in amiss.reason


def test_files_are_hashed_now(people: People) -> None:
    """A file that changed behind everybody's back is named."""
    people.register()
    assert result(people, check("files-intact")).outcome == "holds"
    people.damage(1)
    found = result(people, check("files-intact"))
    assert found.outcome == "fails"
    assert "model.onnx" in found.sentence


@pytest.mark.parametrize(
    ("details", "outcome", "missing"),
    [
        ({}, "holds", ()),
        ({"git": {**GIT, "dirty": True, "diff_hash": "ab"}}, "holds", ()),
        ({"git": {**GIT, "dirty": True}}, "fails", ("uncommitted changes",)),
        ({"git": {}}, "fails", ("the git commit",)),
        ({"git": None}, "fails", ("the git commit",)),
        ({"git": {**GIT, "dirty": None}}, "undecided", ("whether there were",)),
        ({"datasets": []}, "fails", ("no dataset is named",)),
        ({"datasets": [{"name": "a", "hash": "x"}, {"name": "b"}]}, "fails", ("dataset b",)),
        ({"environment": {"python": "3.11", "packages": {}}}, "fails", ("installed packages",)),
        (
            {"git": {}, "datasets": [], "environment": {}}, "fails",
            ("git commit", "no dataset", "version of Python", "installed packages"),
        ),
    ],
)  # fmt: skip
def test_reproducible_names_each_missing_piece(
    people: People, details: dict[str, Any], outcome: str, missing: tuple[str, ...]
) -> None:
    """Code, data and environment are all pinned, or it is said which is not."""
    people.register(**details)
    found = result(people, check("reproducible"))
    assert found.outcome == outcome
    assert all(one in found.sentence for one in missing)
    assert bool(found.sentence) is bool(missing)


def test_a_rule_of_the_champion_does_not_apply_to_an_empty_stage(people: People) -> None:
    """It blocks nobody from being first, and measures everybody after."""
    rule = '[[stages.production.checks]]\nname = "it"\nrule = "metrics.`val/auc` >= champion.metrics.`val/auc` - 0.002"\n'  # noqa: E501
    people.register(metrics={"val/auc": {"last": 0.9}})
    people.register(metrics={"val/auc": {"last": 0.8}})
    assert result(people, rule).outcome == "not applicable"
    people.promote(1)
    found = result(people, rule, 2)
    assert found.outcome == "fails"
    assert "0.8" in found.observed


def test_predictions_that_are_missing_are_undecided(people: People) -> None:
    """A comparison nobody can make is not one that was won."""
    people.register()
    people.register()
    people.promote(1)
    found = result(people, check("prediction", dataset="census", metric="roc_auc"), 2)
    assert found.outcome == "undecided"
    assert found.sentence


def test_a_check_that_breaks_is_undecided_and_stops_no_other(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One check with a defect is one undecided line on the card."""
    people.register()
    people.settings(check("reproducible") + check("format", at_most="data").replace("it", "f", 1))

    def broken(*_: object) -> None:
        raise ZeroDivisionError("\x1b[31mno")

    monkeypatch.setattr(evaluating, "reproducible", broken)
    first, second = people.look(1).checks
    assert (first.outcome, second.outcome) == ("undecided", "holds")
    assert "ZeroDivisionError" in first.sentence
    assert "\x1b" not in first.sentence


class Keys:
    """SSH keys of people, and the list of whose they are."""

    def __init__(self, folder: Path, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._people = people
        self._monkeypatch = monkeypatch
        folder.mkdir()

    def make(self, name: str) -> str:
        """Make a key and return its line of the list."""
        path = self._folder / name
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
        return f"{name} {path.with_suffix('.pub').read_text('utf-8')}"

    def list(self, *lines: str) -> None:
        """Write the list into the workspace."""
        (self._people.root / "allowed_signers").write_text("".join(lines), "utf-8")

    def use(self, name: str) -> None:
        """Sign with this key from now on."""
        self._monkeypatch.setenv(KEY, str(self._folder / name))


@pytest.fixture
def keys(people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keys:
    """A folder for keys, and a stage that counts signed words only."""
    people.settings(
        "[stages.production]\nsigned = true\n" + check("approval")
        + check("manual", item="read", by=["ben"]).replace("it", "read", 1)
    )  # fmt: skip
    people.register()
    return Keys(tmp_path / "keys", people, monkeypatch)


def test_a_stage_may_count_signed_words_only(people: People, keys: Keys) -> None:
    """Ben's key says that ben said it; anybody can write his name."""
    keys.list(keys.make("ben"))
    keys.use("ben")
    approve(people.ben, MODEL, 1, "production", "fine")
    tick(people.ben, MODEL, 1, "production", "read")
    assert [one.outcome for one in people.look(1).checks] == ["holds", "holds"]
    assert people.promote(1).event.details["approvals"] == ["ben"]


@pytest.mark.parametrize("lines", [1, 2])
def test_a_key_is_one_person_however_many_names_it_has(
    people: People, keys: Keys, lines: int
) -> None:
    """Names in one line of the list, or of one key in several, give one approval."""
    people.settings("[stages.production]\nsigned = true\n" + check("approval", count=2))
    line = keys.make("ben")
    _, key = line.split(" ", 1)
    keys.list(*([f"ben,cem {key}"] if lines == 1 else [line, f"cem {key}"]))
    keys.use("ben")
    for session in (people.ben, people.cem):
        approve(session, MODEL, 1, "production", "fine")
    (found,) = people.look(1).checks
    assert (found.outcome, found.observed) == ("fails", "1 (ben)")


def test_a_word_signed_with_another_key_does_not_count(people: People, keys: Keys) -> None:
    """Somebody wrote ben's name and signed with a key of their own."""
    keys.list(keys.make("ben"))
    keys.make("eve")
    keys.use("eve")
    approve(people.ben, MODEL, 1, "production", "fine")
    found = people.look(1).checks[0]
    assert found.outcome == "fails"
    assert "signature of ben does not count" in found.sentence


def test_a_word_that_does_not_count_can_be_given_anew(people: People, keys: Keys) -> None:
    """Ben signed with a key nobody knows, and now with his own."""
    keys.list(keys.make("ben"))
    keys.make("other")
    keys.use("other")
    approve(people.ben, MODEL, 1, "production", "fine")
    assert people.look(1).checks[0].outcome == "fails"
    keys.use("ben")
    approve(people.ben, MODEL, 1, "production", "with my key")
    assert people.look(1).checks[0].outcome == "holds"
    with pytest.raises(NotAllowedError, match="You have approved"):
        approve(people.ben, MODEL, 1, "production", "once more")


def test_an_unsigned_word_does_not_count(people: People, keys: Keys) -> None:
    """It was given while the stage asked for no signature."""
    keys.list(keys.make("ben"))
    text = (people.root / "workbench.toml").read_text("utf-8")
    people.settings(text.replace("signed = true", "signed = false"))
    tick(people.ben, MODEL, 1, "production", "read")
    people.settings(text)
    found = people.look(1).checks[1]
    assert found.outcome == "fails"
    assert "Ben did not sign it" in found.sentence


def test_without_a_key_nothing_is_recorded(
    people: People, keys: Keys, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A word that cannot count is not taken."""
    del keys
    monkeypatch.delenv(KEY, raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    with pytest.raises(UsageError, match=KEY):
        approve(people.ben, MODEL, 1, "production", "fine")
    assert people.state().seq == 1


def test_a_changed_list_of_keys_is_said_before_it_counts(people: People, keys: Keys) -> None:
    """The first one is shown and remembered; another counts once this person agreed to it."""
    ben, cem = keys.make("ben"), keys.make("cem")
    keys.list(ben)
    keys.use("ben")
    approve(people.ben, MODEL, 1, "production", "fine")
    tick(people.ben, MODEL, 1, "production", "read")
    assert "is new here" in " ".join(people.look(1).said)
    people.promote(1)
    people.register()
    keys.list(ben, cem)
    keys.use("cem")
    approve(people.cem, MODEL, 2, "production", "fine")
    card = people.look(2)
    assert "has changed" in " ".join(card.said)
    assert card.checks[0].outcome == "fails"
    assert "agree-signers" in card.checks[0].sentence
    people.promote(2, overrides={"it": "Urgent.", "read": "Urgent."})
    people.register()
    approve(people.cem, MODEL, 3, "production", "fine")
    assert "has changed" in " ".join(people.look(3).said)
    assert "has changed" in agree_to_signers(people.ana)
    card = people.look(3)
    assert card.said == ()
    assert card.checks[0].outcome == "holds"


def test_a_word_that_stops_counting_while_somebody_looks_is_a_conflict(
    people: People, keys: Keys
) -> None:
    """Ben's key was taken off the list between the look and the word."""
    keys.list(keys.make("ben"))
    keys.use("ben")
    approve(people.ben, MODEL, 1, "production", "fine")
    tick(people.ben, MODEL, 1, "production", "read")
    seen = people.look(1)
    keys.list(keys.make("cem"))
    with pytest.raises(ConflictError, match=r"'it' held when you looked.*lists no key of ben"):
        promote(people.ana, seen, "It is better.")
