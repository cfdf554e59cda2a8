"""Where texts that begin alike begin to differ."""

import pytest

from workbench.runs.beginnings import telling_from


@pytest.mark.parametrize(
    ("texts", "breaks", "said"),
    [
        (("/a/b/train.py", "/a/b/tune.py"), "/", ("train.py", "tune.py")),
        (("/a/b/train.py", "/a/b/tune.py"), "", ("rain.py", "une.py")),
        (("train --lr 1", "tune --lr 1"), "/ ", ("train --lr 1", "tune --lr 1")),
        (("a b", "a b c"), " ", ("b", "b c")),
        (("one",), "/", ("one",)),
        ((), "/", ()),
        ((), "", ()),
    ],
)
def test_texts_begin_at_the_word_in_which_they_differ(
    texts: tuple[str, ...], breaks: str, said: tuple[str, ...]
) -> None:
    """What is left out is the same in all, and ends with a whole word where words count."""
    start = telling_from(texts, breaks)
    assert tuple(text[start:] for text in texts) == said
