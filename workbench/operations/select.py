"""The run a person means: by id, by the beginning or end of an id, or by name."""

from workbench.catalogue.cards import RunRecord, cards
from workbench.catalogue.finding import by_id, by_id_part, by_name
from workbench.errors import NotFoundError, UsageError
from workbench.operations.session import Session

_SHORTEST_PART = 4
_MOST_CANDIDATES = 8


def select(session: Session, words: str) -> RunRecord:
    """Return the run that ``words`` name: its id, a unique part of it, or a unique name.

    An id counts before a name, a whole name before a part of an id.

    Raises:
        NotFoundError: No run has that id or name.
        UsageError: Several have.
    """
    found = by_id(session.catalogue, words) or by_name(session.catalogue, words)
    if not found and len(words) >= _SHORTEST_PART:
        found = by_id_part(session.catalogue, words)
    if not found:
        raise NotFoundError(
            f"There is no run {words!r}.",
            hint="List the runs with: workbench runs",
        )
    if len(found) > 1:
        raise _several(session, words, found)
    return cards(session.catalogue, found)[0]


def _several(session: Session, words: str, runs: tuple[int, ...]) -> UsageError:
    shown = cards(session.catalogue, runs[:_MOST_CANDIDATES])
    listed = "".join(f"\n  {one.run_id}  {one.name}  ({one.experiment})" for one in shown)
    more = f"\n  and {len(runs) - len(shown):,} more" if len(runs) > len(shown) else ""
    return UsageError(
        f"{len(runs):,} runs are called {words!r}.", hint=f"Name one by its id:{listed}{more}"
    )
