"""Which runs the claims to folders come to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.formats.contract import Claim
from workbench.formats.folders.grouping import Found, Piece, Run, grouped, ref_of

A, B, C, D = 0, 1, 2, 3
"""Readers by their place in the order of precedence."""


def own(rank: int, **said: object) -> Found:
    """Return a claim."""
    return Found(rank, Claim(7, False, **said))  # type: ignore[arg-type]


def keys(claims: dict[str, list[Found]]) -> dict[str, list[tuple[int, str]]]:
    """Return of each run who reads what."""
    runs = grouped(claims)
    return {key: [(piece.rank, piece.key) for piece in run.pieces] for key, run in runs.items()}


def test_every_claimed_folder_is_a_run() -> None:
    """Runs lie anywhere, also inside each other."""
    assert keys({".": [own(A)], "x": [own(B)], "x/y": [own(A)]}) == {
        ".": [(A, ".")], "x": [(B, "x")], "x/y": [(A, "x/y")],
    }  # fmt: skip


def test_several_claims_to_a_folder_are_one_run() -> None:
    """Who comes first in the order of readers counts most."""
    assert keys({"x": [own(C), own(A), own(B)]}) == {"x": [(A, "x"), (B, "x"), (C, "x")]}


def test_a_part_belongs_to_the_run_above() -> None:
    """Its reader reads it from there, once; what others know of that folder comes along."""
    claims = {"x": [own(A)], "x/part": [own(A, part_of="x"), own(B)], "x/q": [own(A, part_of="x")]}
    assert keys(claims) == {"x": [(A, "x"), (B, "x/part")]}


def test_a_part_makes_the_run_above() -> None:
    """Where only checkpoints say what a folder is, the folder is the run."""
    assert keys({"x/one": [own(A, part_of="x")], "x/two": [own(A, part_of="x")]}) == {
        "x": [(A, "x")]
    }


@pytest.mark.parametrize("above", ["x", "x/y", "z", "xx", "", "../x"])
def test_a_part_of_what_is_not_above_is_a_run_by_itself(above: str) -> None:
    """A reader cannot move a run elsewhere."""
    assert keys({"x": [own(A, part_of=above)]}) == {"x": [(A, "x")]}


def test_a_run_gathers_what_others_find_below() -> None:
    """At any depth, but not runs of its own kind, nor what lies in those."""
    claims = {
        "x": [own(A, gathers=True)], "x/a/b": [own(B)], "x/sub": [own(A)], "x/sub/c": [own(C)],
        "y": [own(B)],
    }  # fmt: skip
    assert keys(claims) == {
        "x": [(A, "x"), (B, "x/a/b"), (C, "x/sub/c")], "x/sub": [(A, "x/sub")], "y": [(B, "y")],
    }  # fmt: skip


def test_the_nearest_gathers() -> None:
    """Of runs inside each other each has what lies in it."""
    claims = {"x": [own(A, gathers=True)], "x/y": [own(A, gathers=True)], "x/y/z": [own(B)]}
    assert keys(claims) == {"x": [(A, "x")], "x/y": [(A, "x/y"), (B, "x/y/z")]}


def test_a_part_gathers_for_its_run() -> None:
    """A checkpoint says for the whole run that the event files beside it are its own."""
    claims = {"x/one": [own(A, part_of="x", gathers=True)], "x/runs/e": [own(B)]}
    assert keys(claims) == {"x": [(A, "x"), (B, "x/runs/e")]}


def test_an_overlay_flows_down() -> None:
    """Params of a folder are those of every run in it and below it, the nearest first.

    They count less than whatever anybody else says of the run.
    """
    claims = {
        "x": [own(A, overlay=True)], "x/y": [own(A, overlay=True), own(B)], "x/y/z": [own(B)],
        "w": [own(B)],
    }  # fmt: skip
    assert keys(claims) == {
        "x/y": [(B, "x/y"), (A, "x/y"), (A, "x")],
        "x/y/z": [(B, "x/y/z"), (A, "x/y"), (A, "x")],
        "w": [(B, "w")],
    }


def test_what_lies_over_several_runs_is_shared() -> None:
    """But it is the own of the run in its folder; that others came shows in a stamp."""

    def shared(claims: dict[str, list[Found]]) -> dict[str, list[str]]:
        runs = grouped(claims)
        return {k: [piece.key for piece in run.pieces if piece.shared] for k, run in runs.items()}

    one = {"x": [own(A, overlay=True)], "x/y": [own(B)]}
    two = {**one, "x/z": [own(B)]}
    home = {**one, "x": [own(A, overlay=True), own(C)]}
    assert shared(one) == {"x/y": []}
    assert shared(two) == {"x/y": ["x"], "x/z": ["x"]}
    assert shared(home) == {"x": [], "x/y": ["x"]}
    stamps = {ref_of("x/y", grouped(claims)["x/y"], claims).stamp for claims in (one, two)}
    assert len(stamps) == 2


def test_an_overlay_alone_is_a_run() -> None:
    """A job that logged nothing was a job all the same."""
    assert keys({"x": [own(A, overlay=True)]}) == {"x": [(A, "x")]}


def test_an_overlay_inside_a_run_is_part_of_it() -> None:
    """Beside a part that was gathered it is no run by itself."""
    claims = {"x": [own(B, gathers=True)], "x/y": [own(A, overlay=True)], "x/y/e": [own(C)]}
    assert keys(claims) == {"x": [(B, "x"), (C, "x/y/e"), (A, "x/y")]}


def test_one_identity_side_by_side_is_one_run() -> None:
    """A resumed run goes on in the next folder; the first one's path is its key."""
    claims = {
        "w/run-2": [own(A, identity="i")], "w/run-1": [own(A, identity="i"), own(B)],
        "w/run-3": [own(A, identity="j")], "v/run-1": [own(A, identity="i")],
    }  # fmt: skip
    runs = grouped(claims)
    assert runs["w/run-1"].pieces == (
        Piece(A, "w/run-1"), Piece(A, "w/run-2", goes_on=True), Piece(B, "w/run-1"),
    )  # fmt: skip
    assert set(runs) == {"w/run-1", "w/run-3", "v/run-1"}


def test_parts_of_one_reader_are_set_apart() -> None:
    """What was trained and what was evaluated have the same names: neither may hide the other."""
    claims = {"x": [own(A, gathers=True)], "x/train": [own(B)], "x/eval/a": [own(B)]}
    assert grouped(claims)["x"].pieces == (
        Piece(A, "x"), Piece(B, "x/train"), Piece(B, "x/eval/a", "eval/a/"),
    )  # fmt: skip


def test_a_stamp_changes_with_every_part() -> None:
    """And with what else is seen; it is live if any part is."""
    claims = {"x": [own(A)], "x/y": [own(B, part_of="x")]}
    run = grouped(claims)["x"]
    one = ref_of("x", run, claims, 1)
    changed = {**claims, "x/y": [Found(B, Claim(8, True, part_of="x"))]}
    other = ref_of("x", run, changed, 1)
    assert len({one.stamp, other.stamp, ref_of("x", run, claims, 2).stamp}) == 3
    assert (one.live, other.live) == (False, True)


PATHS = [".", "a", "b", "a/a", "a/b", "b/a", "a/a/a", "a/b/a"]


@given(
    st.dictionaries(
        st.sampled_from(PATHS),
        st.lists(
            st.builds(
                lambda rank, part, gathers, overlay, identity, joins: Found(
                    rank, Claim(1, False, part, gathers, overlay, identity=identity, joins=joins)
                ),
                st.integers(0, 2),
                st.sampled_from([None, None, *PATHS]),
                st.booleans(),
                st.booleans(),
                st.sampled_from(["", "", "i"]),
                st.sampled_from([None, None, *PATHS]),
            ),
            min_size=1,
            max_size=3,
            unique_by=lambda found: found.rank,
        ),
    )
)
def test_every_claim_has_a_part_in_a_run(claims: dict[str, list[Found]]) -> None:
    """Whatever readers say, nothing is lost, and only params are in several runs."""
    claims = {path: claims[path] for path in PATHS if path in claims}
    runs = grouped(claims)
    counted: dict[tuple[str, int], int] = {}
    for run in runs.values():
        assert isinstance(run, Run)
        assert len(set(run.pieces)) == len(run.pieces) > 0
        for claim in run.claims:
            counted[claim] = counted.get(claim, 0) + 1
    for path, found in claims.items():
        for rank, claim in found:
            assert counted[path, rank] == 1 or claim.overlay


def test_a_job_gathers_what_several_readers_found() -> None:
    """One process wrote it all, wherever below its folder, and in that itself."""
    claims = {
        "x": [own(A, overlay=True, gathers=True), own(C)], "x/w/r": [own(B)], "x/log/c": [own(C)],
    }  # fmt: skip
    assert keys(claims) == {"x": [(B, "x/w/r"), (C, "x"), (C, "x/log/c"), (A, "x")]}
    assert grouped(claims)["x"].pieces[2].prefix == "log/c/"
    del claims["x/log/c"]
    claims["x"] = [own(A, overlay=True, gathers=True)]
    assert keys(claims) == {"x": [(B, "x/w/r"), (A, "x")]}


def test_rivals_in_a_job_stay_runs() -> None:
    """What one reader finds several of are runs with the job's params; the rest is the job."""
    claims = {
        "x": [own(A, overlay=True, gathers=True)], "x/1": [own(B), own(C)], "x/2": [own(B)],
        "x/d/e": [own(D)],
    }  # fmt: skip
    assert keys(claims) == {
        "x/1": [(B, "x/1"), (C, "x/1"), (A, "x")], "x/2": [(B, "x/2"), (A, "x")],
        "x": [(D, "x/d/e"), (A, "x")],
    }  # fmt: skip


def test_a_resumed_run_is_no_rival_of_itself() -> None:
    """Several folders of one run are one thing in the job."""
    parts = {f"x/w/{n}": [own(B, identity="i")] for n in (1, 2)}
    assert keys({"x": [own(A, overlay=True, gathers=True)], **parts}) == {
        "x": [(B, "x/w/1"), (B, "x/w/2"), (A, "x")]
    }


def test_a_job_in_a_job_has_its_own() -> None:
    """A sweep's job is no part of the job that started it."""
    gathers = own(A, overlay=True, gathers=True)
    claims = {"x": [gathers], "x/0": [gathers], "x/0/b": [own(B)], "x/1": [gathers, own(B)]}
    assert set(keys(claims)) == {"x/0", "x/1"}


def test_params_over_a_store_alone_are_no_run() -> None:
    """The store has the runs; beside what others found they are params as ever."""
    job = own(A, overlay=True, gathers=True)
    assert grouped({"x": [job], "y": [job]}, ["x/mlruns"]).keys() == {"y"}
    assert grouped({"x": [job]}, ["x"]).keys() == set()
    assert keys({"x": [job]}) == {"x": [(A, "x")]}
    assert grouped({"x": [job], "x/b": [own(B)]}, ["x/mlruns"]).keys() == {"x"}


def test_params_below_a_job_are_its_own() -> None:
    """A logger that left nothing else is no second run."""
    claims = {"x": [own(A, overlay=True, gathers=True)], "x/b": [own(B, overlay=True)]}
    assert keys(claims) == {"x": [(A, "x"), (B, "x/b")]}


def test_a_run_joins_what_others_find_in_the_folder_it_was_written_for() -> None:
    """Where nothing was found, or the same reader found something, or two join, it is alone."""
    joins = own(A, joins="x")
    assert keys({"x": [own(B)], "x/w/1": [joins]}) == {"x": [(A, "x/w/1"), (B, "x")]}
    for claims in (
        {"x/w/1": [joins], "x/y": [own(B)]}, {"x": [own(A)], "x/w/1": [joins]},
        {"x": [own(B, overlay=True)], "x/w/1": [joins]}, {"x": [own(B)], "y/1": [joins]},
    ):  # fmt: skip
        assert set(keys(claims)) - {"x", "x/y"} in ({"x/w/1"}, {"y/1"})
    assert set(keys({"x": [own(B)], "x/w/1": [joins], "x/w/2": [joins]})) == {"x", "x/w/1", "x/w/2"}


def test_several_folders_of_one_run_join_together() -> None:
    """A run that was resumed is one; so are two such runs with a job of their own each."""
    both = {f"x/w/{n}": [own(A, joins="x", identity="i")] for n in (1, 2)}
    assert keys({"x": [own(B)], **both}) == {"x": [(A, "x/w/1"), (A, "x/w/2"), (B, "x")]}
    claims = {"j": [own(C, overlay=True, gathers=True)]}
    for n in ("j/1", "j/2"):
        claims |= {n: [own(B)], f"{n}/w/r": [own(A, joins=n)]}
    assert set(keys(claims)) == {"j/1", "j/2"}
