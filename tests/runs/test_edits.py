"""What is in force depends on which edits there are, and on nothing else."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import FormatError
from workbench.runs.edits import Edit, Held, contested, fold, is_field, read_edit

RUNS = ("a", "b")
NAMES = ("name", "tags.t", "archived")
VALUES: dict[str, list[Any]] = {
    "name": ["x", "y", None], "tags.t": ["1", None], "archived": [True, False, None],
}  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> list[Edit]:
    """Return edits as people make them who know some of each other's, undoes among them."""
    made: list[Edit] = []
    for number in range(draw(st.integers(0, 7))):
        known = [one for one in made if draw(st.booleans())]
        held = fold(known)
        names = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
        of = draw(st.lists(st.sampled_from(RUNS), min_size=1, unique=True))
        after = {
            run: {n: held[run][n].edits for n in names if n in held.get(run, {})} for run in of
        }
        changes = {name: draw(st.sampled_from(VALUES[name])) for name in names}
        undoes = draw(st.sampled_from([None, *(one.id for one in made)]))
        made.append(Edit(f"{number:02d}", number, "ana", tuple(of), changes, after, undoes))
    return made


@settings(max_examples=60)
@given(histories(), st.data())
def test_the_order_of_arrival_means_nothing(made: list[Edit], data: st.DataObject) -> None:
    """Whichever file is seen first, the same is in force in the end."""
    assert fold(data.draw(st.permutations(made))) == fold(made)


@settings(max_examples=60)
@given(histories())
def test_what_is_in_force_are_the_edits_nobody_replaced(made: list[Edit]) -> None:
    """The latest of them is shown; several of them are rivals."""
    held = fold(made)
    for run in RUNS:
        for name in NAMES:
            speaking = [one for one in made if run in one.of and name in one.set]
            named = {old for one in speaking for old in one.after.get(run, {}).get(name, ())}
            heads = [one for one in speaking if one.id not in named]
            found = held.get(run, {}).get(name)
            if found is None:
                assert not speaking
                continue
            assert found.edits == tuple(one.id for one in heads)
            assert found.value == heads[-1].set[name]
            assert (name in contested(held[run])) == (len(heads) > 1)


def edit(id_: str, value: object, *after: str, undoes: str | None = None) -> Edit:
    """Return an edit of one tag of one run."""
    return Edit(id_, 0.0, "ana", ("a",), {"tags.t": value}, {"a": {"tags.t": after}}, undoes)


def in_force(*made: Edit) -> Held:
    """Return what is in force for the tag."""
    return fold(made)["a"]["tags.t"]


def test_an_undo_gives_a_tag_back_to_the_run_or_to_the_edit_before() -> None:
    """Null means none where somebody said none, and the run's own where nobody said anything."""
    first = edit("1", "x")
    back = edit("2", None, "1", undoes="1")
    assert in_force(first, back) == Held(None, ("2",), own=True)
    none = edit("1", None)
    assert in_force(none) == Held(None, ("1",), own=False)
    other = edit("2", "y", "1")
    assert in_force(none, other, edit("3", None, "2", undoes="2")) == Held(None, ("3",), own=False)
    again = edit("3", "z", "2")
    assert in_force(first, back, again, edit("4", None, "3", undoes="3")).own


@pytest.mark.parametrize(
    "made",
    [
        [edit("1", None, undoes="1")],
        [edit("1", None, "2", undoes="2"), edit("2", None, "1", undoes="1")],
        [edit("2", None, "1", undoes="1")],
        [edit("1", "x", "1")],
    ],
)
def test_edits_that_name_each_other_in_a_circle_end(made: list[Edit]) -> None:
    """Files made by hand, or not all there, give some answer, always the same one."""
    assert fold(made) == fold(reversed(made))
    assert fold(made)["a"]["tags.t"].edits


FIELDS: dict[str, Any] = {"id": "1", "time": 1, "of": ["a"], "set": {"name": "x"}}


def test_an_edit_is_read_without_what_this_version_does_not_know() -> None:
    """Fields and values of a later version are left out, the rest counts."""
    later = {"set": {"name": "x", "colour": "red", "archived": "yes", "status": "ODD"}, "new": 1}
    found = read_edit(FIELDS | later)
    assert found == Edit("1", 1.0, "", ("a",), {"name": "x"}, {}, None)


@pytest.mark.parametrize(
    "wrong",
    [{"of": "a"}, {"set": []}, {"time": "now"}, {"time": float("nan")}, {"time": None},
     {"after": [1]}, {"after": {"a": []}}, {"after": {"a": {"name": "1"}}},
     {"after": {"a": {"name": [1]}}}, {"undoes": 1}],
)  # fmt: skip
def test_a_file_of_wrong_kinds_is_no_edit(wrong: dict[str, Any]) -> None:
    """It becomes a fault where it is read, so that it cannot stop the others."""
    with pytest.raises(FormatError):
        read_edit(FIELDS | wrong)


@pytest.mark.parametrize("missing", FIELDS)
def test_every_part_must_be_there(missing: str) -> None:
    """An edit without its id, time, runs or changes is none."""
    with pytest.raises(FormatError):
        read_edit({name: value for name, value in FIELDS.items() if name != missing})


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("name", "x", True), ("name", None, True), ("name", 1, False), ("note", "", True),
        ("tags.x", "1", True), ("tags.x", None, True), ("tags.x", 1, False),
        ("archived", True, True), ("archived", 1, False), ("status", "KILLED", True),
        ("status", "RUNNING", False), ("params.lr", "1", False), ("", None, False),
    ],
)  # fmt: skip
def test_which_fields_may_be_set_to_what(name: str, value: object, *, fits: bool) -> None:
    """Only what people may change, and only to what it can be."""
    assert is_field(name, value) is fits


@pytest.mark.parametrize(
    ("rivals", "value", "own"),
    [
        ((["email"], ["iban"]), ["email", "iban"], False),
        ((["email", "iban"], []), ["email", "iban"], False),
        ((["email"], None), ["email"], True),
        (([], None), None, True),
    ],
)
def test_of_rivals_about_what_is_masked_all_count(rivals: Any, value: Any, own: bool) -> None:
    """Whoever knew of the other may take it back; the field is contested until then."""
    made = [
        Edit(f"{k}", k, "ana", ("datasets:/d",), {"data.sensitive": said}, {})
        for k, said in enumerate(rivals)
    ]
    found = fold(made)["datasets:/d"]
    assert found["data.sensitive"] == Held(value, ("0", "1"), own)
    assert contested(found) == ("data.sensitive",)
    after = {"datasets:/d": {"data.sensitive": ("0", "1")}}
    last = Edit("2", 2, "ben", ("datasets:/d",), {"data.sensitive": []}, after)
    assert fold([*made, last])["datasets:/d"]["data.sensitive"] == Held([], ("2",))
