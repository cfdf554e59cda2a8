"""The runs a person means: by id, by the beginning or end of an id, by name, or by pattern."""

from collections.abc import Callable, Sequence

from workbench.catalogue.cards import RunRecord, cards
from workbench.catalogue.finding import Called, by_id, by_id_part, by_name, by_pattern, called
from workbench.errors import NotFoundError, UsageError
from workbench.operations.listing import found
from workbench.operations.runs_table import read_filter
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
    return cards(session.catalogue, [_only(session, words)])[0]


def _only(session: Session, words: str) -> int:
    """Return the number of the run that the words name."""
    runs = by_id(session.catalogue, words) or by_name(session.catalogue, words)
    if not runs and len(words) >= _SHORTEST_PART:
        runs = by_id_part(session.catalogue, words)
    if not runs:
        raise NotFoundError(
            f"There is no run {words!r}.",
            hint="List the runs with: workbench runs",
        )
    if len(runs) > 1:
        raise _several(session, words, runs)
    return runs[0]


def chosen(
    session: Session,
    words: Sequence[str],
    text: str = "",
    *,
    missing: Callable[[NotFoundError], None] | None = None,
) -> tuple[Called, ...]:
    """Return the runs that are named, fit a pattern or match a filter, each once.

    They may be all there are, so their records are not read; callers read what they need.

    Args:
        session: Where.
        words: Ids, unique parts of ids, unique names, or patterns such as ``gbm-*``.
        text: A filter; its runs follow those named.
        missing: Is told of a word that names nothing, and the others go on; else that is raised.

    Raises:
        UsageError: Nothing is asked, or a word names several runs.
        NotFoundError: A word names no run.
    """
    if not words and not text:
        raise UsageError("No run was named.", hint="Name runs, or choose them with --filter.")
    runs: list[int] = []
    for word in words:
        try:
            runs += _meant(session, word)
        except NotFoundError as error:
            if missing is None:
                raise
            missing(error)
    if text:
        runs += found(session, read_filter(session, text))
    return called(session.catalogue, runs)


def _meant(session: Session, word: str) -> tuple[int, ...]:
    if not any(sign in word for sign in "*?["):
        return (_only(session, word),)
    fit = by_pattern(session.catalogue, word)
    if not fit:
        raise NotFoundError(f"No run's name fits {word!r}.")
    return fit


def _several(session: Session, words: str, runs: tuple[int, ...]) -> UsageError:
    shown = cards(session.catalogue, runs[:_MOST_CANDIDATES])
    listed = "".join(f"\n  {one.run_id}  {one.name}  ({one.experiment})" for one in shown)
    more = f"\n  and {len(runs) - len(shown):,} more" if len(runs) > len(shown) else ""
    return UsageError(
        f"{len(runs):,} runs are called {words!r}.", hint=f"Name one by its id:{listed}{more}"
    )
