"""From keys as values to Textual's bindings, and from a press to a method.

Every binding's action is ``press('<id>')``. The press goes from the focused widget
outwards until somebody has a method ``press_<id>``; a reason why not stops it
before, and is said aloud. So a key that nobody here answers is neither in the
footer nor in the help.
"""

import inspect
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, cast

from textual.binding import Binding

from workbench.errors import WorkbenchError
from workbench.tui.cells import visible
from workbench.tui.keys import BY_ID, Context, Key, Scope, keys_for
from workbench.tui.toast import anew

if TYPE_CHECKING:
    from textual.app import App
    from textual.dom import DOMNode
    from textual.screen import Screen


def bindings(*scopes: Scope) -> list[Binding]:
    """Return Textual's bindings for the keys of some scopes; ids make them rebindable."""
    return [
        Binding(
            ",".join(key.keys),
            f"press('{key.id}')",
            key.words,
            show=False,
            id=key.id,
            tooltip=key.sentence,
        )
        for key in keys_for(*scopes)
        if key.keys
    ]


def handler(screen: "Screen[Any]", key_id: str) -> Callable[[], object] | None:
    """Return the method that answers a key on this screen, nearest to the focus first."""
    name = f"press_{key_id.replace('-', '_')}"
    for node in _chain(screen):
        method = getattr(node, name, None)
        if method is not None:
            return cast("Callable[[], object]", method)
    return None


def context_of(screen: "Screen[Any]") -> Context:
    """Return what is known on this screen about what is possible now."""
    for node in _chain(screen):
        tell = getattr(node, "key_context", None)
        if tell is not None:
            return cast("Context", tell())
    return Context()


def live_keys(screen: "Screen[Any]", *scopes: Scope) -> tuple[Key, ...]:
    """Return the keys of some scopes that somebody on this screen answers."""
    return tuple(key for key in keys_for(*scopes) if handler(screen, key.id) is not None)


def scopes_of(screen: "Screen[Any]") -> tuple[Scope, ...]:
    """Return the scopes from the focus outwards, everywhere last.

    Where text is typed letters are text, so nothing else holds.
    """
    found: list[Scope] = []
    for node in _chain(screen):
        found.extend(s for s in getattr(node, "SCOPES", ()) if s not in found)
    if "typing" in found:
        return ("typing",)
    return (*(s for s in found if s != "everywhere"), "everywhere")


def _chain(screen: "Screen[Any]") -> Iterator["DOMNode"]:
    start = screen.focused or screen
    yield from start.ancestors_with_self
    if screen.app not in start.ancestors_with_self:
        yield screen.app


class Keyed:
    """Mix into the app, a screen or a widget that has bindings made by `bindings`."""

    if TYPE_CHECKING:
        app: App[Any]

    async def action_press(self, key_id: str) -> None:
        """Do what a key stands for, or say why it cannot be done now."""
        await press(self.app.screen, key_id)


async def press(screen: "Screen[Any]", key_id: str) -> None:
    """Do what a key stands for, or say why it cannot be done now."""
    key = BY_ID[key_id]
    answer = handler(screen, key_id)
    why_not = key.why_not(context_of(screen)) if answer else f"Nothing here answers {key.shown}."
    if why_not or answer is None:
        anew(screen.app, why_not or "", timeout=4)
        return
    try:
        result = answer()
        if inspect.isawaitable(result):
            await result
    except WorkbenchError as error:
        words = visible(str(error))
        anew(screen.app, words, title=key.words, severity="error", timeout=10)
