"""What does not fit in a model's folder is found and named."""

import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.building import write_workspace
from tests.registry.events import damaged, draft, promote, register, say, state_of
from workbench.registry import manifest
from workbench.registry.encoding import encode
from workbench.registry.folding import fold
from workbench.registry.journal import FolderJournal
from workbench.registry.verification import Finding, against, anchor, verify


@pytest.fixture
def journal(tmp_path: Path) -> FolderJournal:
    """Return a journal of two versions with files, the first in production."""
    made = FolderJournal(write_workspace(tmp_path / "team"), "churn")
    for number in (1, 2):
        source = tmp_path / f"model-{number}.bin"
        source.write_bytes(bytes([number]) * 1000)
        staged = manifest.stage(source, made._root)
        there = manifest.publish(staged, made._root, "churn")
        register(made, details={"manifest": there.hash})
    promote(made, 1)
    say(made, "described", version=1, details={"tags": {"a": "b"}})
    return made


def found(journal: FolderJournal) -> list[tuple[int, str]]:
    """Return number and reason of each finding."""
    return [(one.seq, one.reason) for one in verify(journal._root, "churn")]


def test_nothing_is_found_where_all_is_well(journal: FolderJournal) -> None:
    """Neither in the journal nor in the files."""
    assert verify(journal._root, "churn") == ()


def _one_letter(data: bytes) -> bytes:
    return data.replace(b"ana@lab", b"eve@lab")


def _resealed(data: bytes) -> bytes:
    """Change an event as somebody would who knows how checksums are made."""
    body = _one_letter(data)[: data.rindex(b',"sha256"')]
    return body + b',"sha256":"' + sha256(body).hexdigest().encode() + b'"}\n'


@pytest.mark.parametrize(
    ("change", "seq", "reason"),
    [
        (_one_letter, 2, "Its checksum does not fit"),
        (_resealed, 3, "It does not follow event 2: the chain of hashes is broken."),
        (lambda data: data[:100], 2, "It is cut short"),
        (lambda _: b"", 2, "It is empty."),
    ],
)
def test_the_first_event_that_does_not_fit_is_named(
    journal: FolderJournal, change: Callable[[bytes], bytes], seq: int, reason: str
) -> None:
    """An event that was changed with its checksum is given away by the one that follows."""
    damaged(journal, 2, change)
    first = verify(journal._root, "churn")[0]
    assert (first.seq, first.path) == (seq, f"registry/churn/events/{seq:010d}.json")
    assert first.reason.startswith(reason)


def test_an_event_that_is_missing_is_named(journal: FolderJournal) -> None:
    """With a later one that shows that it was there."""
    (journal._root / journal.path(2)).unlink()
    assert (2, "It is missing, and event 4 is there.") in found(journal)


def test_an_event_of_another_model_or_number_is_named(journal: FolderJournal) -> None:
    """A file that was copied or renamed is no event of this journal."""
    other = FolderJournal(journal._root, "other")
    register(other)
    shutil.copy(other._root / other.path(1), journal._root / journal.path(5))
    assert (5, "It is event 1 of other.") in found(journal)
    shutil.copy(journal._root / journal.path(4), journal._root / journal.path(5))
    assert (5, "It is event 4 of churn.") in found(journal)


def test_files_that_were_changed_are_named_by_the_event_that_registered_them(
    journal: FolderJournal,
) -> None:
    """Their sizes and hashes are those of the manifest, or it is said."""
    there = state_of(journal).versions[2].manifest
    path = journal._root / "registry" / "churn" / "files" / there / "model-2.bin"
    path.chmod(0o644)
    path.write_bytes(b"\x07" * 1000)
    (finding,) = verify(journal._root, "churn")
    assert (finding.seq, finding.path) == (2, f"registry/churn/files/{there}")
    assert "model-2.bin" in finding.reason
    assert verify(journal._root, "churn", contents=False) == ()


def test_a_version_deleted_while_it_holds_a_stage_is_named(journal: FolderJournal) -> None:
    """The workbench never records that; after the stage moved on it may be."""
    say(journal, "deleted", version=1)
    assert found(journal) == [(5, "It deletes version 1 while it holds production.")]
    promote(journal, 2)
    say(journal, "deleted", version=1)
    assert [seq for seq, _ in found(journal)] == [5]


def test_files_of_a_deleted_version_are_not_missed(journal: FolderJournal) -> None:
    """Nobody looks for them any more; those of others are."""
    say(journal, "deleted", version=2)
    for version in state_of(journal).versions.values():
        folder = journal._root / "registry" / "churn" / "files" / version.manifest
        for path in (folder, *folder.iterdir()):
            path.chmod(0o755)
        shutil.rmtree(folder)
    assert [one.seq for one in verify(journal._root, "churn")] == [1]


def test_events_that_no_program_writes_are_named(tmp_path: Path) -> None:
    """They are whole, in the chain, and cannot be meant."""
    journal = FolderJournal(tmp_path, "churn")
    twice = draft("promoted", version=4)
    last = journal.publish(draft("registered", version=2), after=None)
    last = journal.publish(draft("registered", version=2), after=last)
    last = journal.publish(twice, after=last)
    data = encode(twice, seq=4, model="churn", previous=last.hash)
    (tmp_path / journal.path(4)).write_bytes(data)
    reasons = [one.reason for one in verify(tmp_path, "churn") if "events" in one.path]
    assert reasons == [
        "It registers version 2; the next one is 1.",
        "It registers version 2; the next one is 3.",
        "It is about version 4, which was not registered before.",
        f"Its id {twice.id} is that of an event before.",
        "It is about version 4, which was not registered before.",
    ]


def test_a_stage_that_leads_out_is_named(journal: FolderJournal) -> None:
    """An event with a right checksum and chain, and a name that is a way out of the workspace."""
    last = journal.read().events[-1]
    data = encode(draft("promoted"), seq=5, model="churn", previous=last.hash)
    body = data[: data.rindex(b',"sha256"')].replace(b'"production"', b'"../../outside"')
    sealed = body + b',"sha256":"' + sha256(body).hexdigest().encode() + b'"}\n'
    (journal._root / journal.path(5)).write_bytes(sealed)
    assert (5, "'../../outside' cannot be the name of a stage.") in found(journal)


def test_an_unknown_kind_is_no_finding(journal: FolderJournal) -> None:
    """A newer program knows what it means."""
    last = journal.read().events[-1]
    journal.publish(draft("blessed", version=9), after=last)
    assert verify(journal._root, "churn") == ()


def test_an_anchor_names_the_head_of_each_model(journal: FolderJournal) -> None:
    """One line each; a model without events has none."""
    state = state_of(journal)
    assert anchor([state, fold("empty", FolderJournal(journal._root, "empty").read())]) == (
        f"churn 4 {state.head}",
    )


def test_a_journal_written_anew_is_given_away_by_an_anchor(
    journal: FolderJournal, tmp_path: Path
) -> None:
    """Its own chain is whole; what was kept elsewhere is not in it."""
    lines = ["Dear all, these are the heads:", *anchor([state_of(journal)]), "a b c", "churn x y"]
    promote(journal, 2)
    assert against(lines, [state_of(journal)]) == ()
    forged = FolderJournal(tmp_path / "forged", "churn")
    for event in journal.read().events:
        last = forged.read().events
        meant = draft(
            event.kind, version=event.version, stage=event.stage, reason="never happened",
            details=event.details,
        )  # fmt: skip
        forged.publish(meant, after=last[-1] if last else None)
    assert forged.read().unreadable is None
    path = "registry/churn/events/0000000004.json"
    assert against(lines, [state_of(forged)]) == (
        Finding("churn", 4, path, "It is not the event the anchor was taken of."),
    )
    missing = Finding("churn", 4, path, "It is in the anchor and not in the journal.")
    assert against(lines, []) == (missing,)
