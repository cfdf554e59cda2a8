"""HTML as text: what is not markup is escaped, so that no name or value can become any.

A plain string is a user's text wherever it goes; only what `tag` made is taken as it is.
"""

from html import escape
from typing import Final

from workbench.words import visible

_VOID: Final = frozenset(("meta", "br"))


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, /, *content: str, **attributes: str) -> Markup:
    """Return an element; ``_`` in an attribute's name stands for ``-``, one at its end is dropped.

    Content that is no `Markup` is text, and escaped; an attribute without a value is left out.
    """
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(visible(value))}"'
        for key, value in attributes.items()
        if value
    )
    if name in _VOID:
        return Markup(f"<{name}{said}>")
    return Markup(f"<{name}{said}>{joined(*content)}</{name}>")


def joined(*content: str) -> Markup:
    """Return content one after the other, text escaped."""
    return Markup("".join(part if isinstance(part, Markup) else text(part) for part in content))


def text(said: str) -> Markup:
    """Return a user's text: nothing in it is markup, and nothing of it is invisible."""
    return Markup(escape(visible(said)))
