"""The key table holds together."""

from itertools import combinations

import pytest
from textual.binding import Binding

from workbench.tui.keyed import bindings
from workbench.tui.keys import BY_ID, KEYS, TITLES, Context, for_footer, grouped, keys_for, symbol


def test_ids_are_unique():
    """An id names one key, so that a person's key map is unambiguous."""
    assert len(BY_ID) == len(KEYS)


@pytest.mark.parametrize("scope", list(TITLES))
def test_no_key_means_two_things_in_one_place(scope):
    """Within a scope every key does one thing."""
    keys = [key for key in KEYS if scope in key.scopes]
    for one, other in combinations(keys, 2):
        assert not set(one.keys) & set(other.keys), (one.id, other.id)


def test_sentences_are_sentences():
    """Help reads well: a capital, a full stop, and footer words that are short."""
    for key in KEYS:
        assert key.sentence[0].isupper()
        assert key.sentence.endswith(".")
        assert len(key.words) <= 15


def test_the_first_scope_wins():
    """In a focused chart `<` smooths; in a table it narrows a column."""
    chart = {key.id for key in keys_for("chart", "table", "everywhere")}
    assert "smooth-less" in chart
    assert "narrower" not in chart
    assert "quit" in chart


def test_footer_order():
    """The footer begins with help and opening, and has nothing without a rank."""
    keys = for_footer(keys_for("table", "runs", "everywhere"))
    assert [key.id for key in keys[:3]] == ["help", "open", "mark"]
    assert all(key.rank for key in keys)


def test_bindings_carry_ids():
    """Every binding can be rebound by its id."""
    made = bindings("runs")
    assert all(isinstance(each, Binding) and each.id in BY_ID for each in made)
    assert "columns" in {each.id for each in made}


def test_why_not_says_a_sentence():
    """A key that cannot be pressed now says why, and the reason fits what is known."""
    empty = Context()
    assert BY_ID["open"].why_not(empty) == "There is no row under the cursor."
    assert BY_ID["open"].why_not(Context(selected=True)) is None
    shared = Context(selected=True, read_only="This folder is not writable.")
    assert BY_ID["edit"].why_not(shared) == "This folder is not writable."
    assert BY_ID["undo"].why_not(Context()) == "There is no edit of yours to undo."


def test_grouped_shows_each_key_once():
    """Help names no key twice and puts moving about last."""
    groups = grouped("runs", "table", "everywhere")
    shown = [key.id for _, keys in groups for key in keys]
    assert len(shown) == len(set(shown))
    table = dict(groups)[TITLES["table"]]
    assert table[0].id == "open"
    assert table[-1].group == "Move"


@pytest.mark.parametrize(
    ("key", "shown"),
    [("slash", "/"), ("ctrl+p", "^p"), ("f1", "F1"), ("f", "f"), ("space", "␣"), ("G", "G")],
)
def test_symbol(key, shown):
    """A key is shown as it is printed on the keyboard."""
    assert symbol(key) == shown
