"""What colleagues did to stages while somebody looks, and what waits for that person."""

from collections.abc import Iterable, Mapping
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from workbench.operations.session import Session
from workbench.tui.widgets.narrow import in_order
from workbench.words import plural

if TYPE_CHECKING:
    from workbench.operations.registry.history import HistoryLine
    from workbench.operations.registry.listing import RequestLine

_MOST_MODELS = 20
_MOST_READ = 500
_MOST_TOLD = 5
"""Changes told one by one; who was away from a busy registry reads its history instead."""
_MOST_NAMED = 20
_TOLD = frozenset(("promoted", "rolled-back"))


class News(NamedTuple):
    """What others did since it was last asked."""

    lines: "tuple[HistoryLine, ...]" = ()
    """Of each model in the order of its journal."""
    more: int = 0
    """Changes of stages before these."""
    models: int = 0
    """Models in which something happened, and nobody looked what."""


class Colleagues:
    """Know up to which event each model was told of; safe to ask from several threads.

    Journals are compared by the numbers of their events: clocks differ between machines.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._seen: dict[str, int] = {}
        self._lock = Lock()

    def begin(self) -> None:
        """Take everything the catalogue knows as told."""
        with self._lock:
            self._seen = {**self._newest(), **self._seen}

    def news(self, models: Iterable[str], *, silent: bool = False) -> News:
        """Return what others put in stages of some models since it was last asked.

        Args:
            models: Those that changed.
            silent: Nothing is told: it was there before anybody looked.
        """
        with self._lock:
            newest = self._newest()
            moved = [each for each in sorted(models) if self._behind(each, newest) > 0]
            read = [] if silent else moved[:_MOST_MODELS]
            found = [line for each in read for line in self._of(each, self._behind(each, newest))]
            self._seen |= {each: newest.get(each, 0) for each in models}
        return News(
            tuple(found[-_MOST_TOLD:]),
            len(found[:-_MOST_TOLD]),
            0 if silent else len(moved[_MOST_MODELS:]),
        )

    def _newest(self) -> dict[str, int]:
        from workbench.catalogue.journals import known_models  # noqa: PLC0415 - when asked for

        return {name: known.seq for name, known in known_models(self._session.catalogue).items()}

    def _behind(self, model: str, newest: Mapping[str, int]) -> int:
        """Return how many events of a model were not looked at yet."""
        return newest.get(model, 0) - self._seen.get(model, 0)

    def _of(self, model: str, behind: int) -> "list[HistoryLine]":
        """Return the newest changes of stages by others, oldest first."""
        from workbench.operations.registry.history import history  # noqa: PLC0415 - when asked for

        own = self._session.own_events
        lines = history(self._session, model, limit=min(behind, _MOST_READ))
        return [line for line in reversed(lines) if line.kind in _TOLD and line.event_id not in own]


def waiting(session: Session) -> "tuple[RequestLine, ...]":
    """Return the requests that wait for whoever looks at the screen."""
    from workbench.operations.edits import actor  # noqa: PLC0415 - when asked for
    from workbench.operations.registry.listing import waiting_for  # noqa: PLC0415

    if session.workspace is None:
        return ()
    return waiting_for(session, actor(session))


def news_lines(news: News) -> list[str]:
    """Return what colleagues did, one sentence each, and how much there is beside."""
    lines = [news_words(line) for line in news.lines]
    if news.more:
        lines.append(f"And {plural(news.more, 'more change')} of stages: 6 shows them.")
    if news.models:
        lines.append(f"Something happened to {plural(news.models, 'more model')}: 6 shows it.")
    return lines


def news_words(line: "HistoryLine") -> str:
    """Return what a colleague did and why: ``ana put v7 in production of churn: good``."""
    why = f": {line.why}" if line.why else ""
    return f"{line.actor} {line.what} ({line.model}){why}"


def named_models(session: Session, letters: str) -> tuple[str, ...]:
    """Return the models whose names have all letters in this order, whatever the case."""
    from workbench.registry.journal import models  # noqa: PLC0415 - when asked for

    if session.workspace is None:
        return ()
    found = (model for model in models(session.root) if in_order(letters, model))
    return tuple(islice(found, _MOST_NAMED))
