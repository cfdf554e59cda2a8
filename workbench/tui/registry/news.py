"""What colleagues did to stages while somebody looks, and what waits for that person."""

from collections.abc import Callable, Iterable
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING

from workbench.operations.session import Session

if TYPE_CHECKING:
    from workbench.operations.registry.history import HistoryLine
    from workbench.operations.registry.listing import RequestLine

_MOST_MODELS = 20
_MOST_EVENTS = 10
_MOST_NAMED = 20
_TOLD = frozenset(("promoted", "rolled-back"))


class Colleagues:
    """Know which changes of stages were told already; safe to ask from several threads."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._since = session.clock.now()
        self._seen: dict[str, int] = {}
        self._lock = Lock()

    def news(
        self, models: Iterable[str], is_own: Callable[[str], bool]
    ) -> "tuple[HistoryLine, ...]":
        """Return what others put in stages of some models since it was last asked.

        Of a model never asked about before, what happened since the program began counts.
        """
        with self._lock:
            found = [line for model in sorted(models)[:_MOST_MODELS] for line in self._of(model)]
        return tuple(line for line in found if not is_own(line.event_id))

    def _of(self, model: str) -> "list[HistoryLine]":
        from workbench.operations.registry.history import history  # noqa: PLC0415 - when asked for

        lines = history(self._session, model, limit=_MOST_EVENTS)
        last = self._seen.get(model)
        if lines:
            self._seen[model] = lines[0].seq
        fresh = [
            line
            for line in lines
            if (line.seq > last if last is not None else line.time >= self._since)
        ]
        return [line for line in reversed(fresh) if line.kind in _TOLD]


def waiting(session: Session) -> "tuple[RequestLine, ...]":
    """Return the requests that wait for whoever looks at the screen."""
    from workbench.operations.edits import actor  # noqa: PLC0415 - when asked for
    from workbench.operations.registry.listing import waiting_for  # noqa: PLC0415

    if session.workspace is None:
        return ()
    return waiting_for(session, actor(session))


def news_words(line: "HistoryLine") -> str:
    """Return what a colleague did and why: ``ana put v7 in production of churn: good``."""
    why = f": {line.why}" if line.why else ""
    return f"{line.actor} {line.what} ({line.model}){why}"


def named_models(session: Session, letters: str) -> tuple[str, ...]:
    """Return the models whose names have all letters in this order, whatever the case."""
    from workbench.registry.journal import models  # noqa: PLC0415 - when asked for

    if session.workspace is None:
        return ()
    found = (model for model in models(session.root) if _in_order(letters.casefold(), model))
    return tuple(islice(found, _MOST_NAMED))


def _in_order(letters: str, name: str) -> bool:
    rest = iter(name.casefold())
    return all(letter in rest for letter in letters)
