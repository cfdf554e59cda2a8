"""Names as MLflow takes them."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.operations.mlflow_export import naming


def test_names_that_fit_stay() -> None:
    """Letters of any script, digits, and the signs MLflow takes."""
    names = ["loss", "val/acc", "précision_µ", "f1 score-macro", "top_k.2"]
    assert naming.keys(names) == {name: name for name in names}


def test_signs_that_do_not_fit_are_replaced() -> None:
    """Ways out of the folder among them."""
    found = naming.keys(["50%", "../../etc", "/abs", "a//b", "."])
    assert found == {"50%": "50_", "../../etc": "__/__/etc", "/abs": "abs", "a//b": "a/b", ".": "_"}


def test_a_name_is_never_a_file_and_a_folder() -> None:
    """MLflow keeps each in a file of its name."""
    found = naming.keys(["a", "a/b", "a/b/c"])
    assert found["a"] == "a"
    assert len({fit.split("/")[0] for fit in found.values()}) == 3


@given(st.lists(st.text(min_size=1, max_size=300), max_size=8, unique=True))
def test_all_names_can_stand_side_by_side(names: list[str]) -> None:
    """None is lost, none leads out, and none is another's folder, in upper or lower case."""
    found = naming.keys(names)
    fits = [fit.casefold() for fit in found.values()]
    assert len(set(fits)) == len(names)
    for fit in fits:
        assert 0 < len(fit) <= 300
        assert not {"", ".", ".."} & set(fit.split("/"))
        assert not any(other.startswith(f"{fit}/") for other in fits)


def test_ids_are_ours_where_the_database_takes_them() -> None:
    """A longer or stranger id gets one of 32 signs, always the same."""
    ours = "01kb0000000000000000000001"
    assert naming.run_id(ours) == ours
    strange = naming.run_id("folder/run 1")
    assert len(strange) == 32
    assert strange == naming.run_id("folder/run 1") != naming.run_id("folder/run 2")
    assert len(naming.run_id("a" * 33)) == 32


def test_experiments_have_numbers_of_18_digits() -> None:
    """As MLflow's own, and the same at every export."""
    assert naming.experiment_id("churn") == naming.experiment_id("churn")
    assert len({naming.experiment_id(name) for name in ("churn", "Churn", "")}) == 3
    assert all(len(naming.experiment_id(str(n))) == 18 for n in range(50))
