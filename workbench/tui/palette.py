"""The palette: actions from the key table, and things by their name."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple, Protocol, cast, runtime_checkable

from rich.markup import escape
from rich.text import Text
from textual.command import DiscoveryHit, Hit, Hits, Provider

from workbench.tui.cells import visible
from workbench.tui.keyed import context_of, live_keys, press, scopes_of
from workbench.tui.keys import Key


class Named(NamedTuple):
    """A thing one can go to by name."""

    kind: str
    """``run``, ``view``, ``experiment``."""
    name: str
    detail: str
    go: Callable[[], object]


@runtime_checkable
class HasNames(Protocol):
    """An app that knows things by name; asked in the palette's own task."""

    async def named(self, query: str) -> Iterable[Named]:
        """Return the things whose name may match, best first, not too many."""


class KeysProvider(Provider):
    """Everything that has a key here, and what has none but a name."""

    def _keys(self) -> list[Key]:
        return [key for key in live_keys(self.screen, *scopes_of(self.screen)) if key.palette]

    async def discover(self) -> Hits:
        """Return all actions of the screen, the most important first."""
        for key in sorted(self._keys(), key=lambda key: key.rank or 99):
            yield DiscoveryHit(
                self._shown(key),
                partial(press, self.screen, key.id),
                text=key.words,
                help=key.sentence,
            )

    async def search(self, query: str) -> Hits:
        """Return the actions whose words or sentence match."""
        matcher = self.matcher(query)
        for key in self._keys():
            score = max(matcher.match(key.words), 0.7 * matcher.match(key.sentence))
            if score > 0:
                run = partial(press, self.screen, key.id)
                yield Hit(score, self._shown(key), run, text=key.words, help=key.sentence)

    def _shown(self, key: Key) -> Text:
        why_not = key.why_not(context_of(self.screen))
        text = Text(f"{key.words}  ")
        text.append(key.shown, "dim")
        if why_not:
            text.append(f"  {why_not}", "dim italic")
        return text


class NamesProvider(Provider):
    """Runs, views and experiments by their names."""

    async def search(self, query: str) -> Hits:
        """Return the things whose name matches."""
        if not isinstance(self.app, HasNames):
            return
        matcher = self.matcher(query)
        for found in await cast("HasNames", self.app).named(query):
            score = matcher.match(found.name)
            if score > 0:
                text = Text(f"{visible(found.name)}  ")
                text.append(found.kind, "dim")
                help_ = escape(visible(found.detail))
                yield Hit(score, text, found.go, text=visible(found.name), help=help_)
