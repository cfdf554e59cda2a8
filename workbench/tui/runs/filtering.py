"""Filtering the runs: counting while somebody types, completing, taking it off."""

from typing import TYPE_CHECKING, Any

from workbench.errors import FilterError
from workbench.operations import runs_table
from workbench.operations.runs_table import Column
from workbench.operations.session import Session
from workbench.tui.messages import CountReady
from workbench.tui.offload import off_thread
from workbench.tui.runs.desk import RunsDesk
from workbench.tui.widgets.filter_box import Answer, Completion, FilterBox

if TYPE_CHECKING:
    from workbench.filters.tree import Field

_ATTRIBUTES = {"git": "commit", "artifact_uri": "path"}


class Filtering(RunsDesk):
    """The part of the runs screen that filters."""

    def press_filter(self) -> None:
        """Begin to type a filter."""
        self.query_one(FilterBox).open(self.view.filter)

    def on_filter_box_typed(self, event: FilterBox.Typed) -> None:
        """Count what matches so far, and complete."""
        text, column, session = event.text, event.column, self.session
        total = self.loaded.table.total if self.loaded else 0
        archived = self.view.archived
        off_thread(
            self, lambda: counted(session, text, column, total, archived=archived), group="count"
        )

    def on_count_ready(self, event: CountReady) -> None:
        """Show the count, the completions, or what is wrong and where."""
        self.query_one(FilterBox).answer = event.error

    def on_filter_box_submitted(self, event: FilterBox.Submitted) -> None:
        """Filter the table."""
        self.query_one(FilterBox).close()
        self.table.focus()
        if event.text.strip() != self.view.filter:
            self.change(filter=event.text.strip())

    def on_filter_box_left(self, event: FilterBox.Left) -> None:
        """Go back to the table; clearing takes the filter off."""
        self.table.focus()
        if event.cleared and self.view.filter:
            self.change(filter="")

    def press_back(self) -> None:
        """Stop reading curves, leave the chart, take filter, group and archived view off."""
        if self.charts.reading:
            self.charts.stop_reading()
        elif self.table.display and not self.table.has_focus:
            self.table.focus()
        elif self.view.filter:
            self.change(filter="")
        elif self.view.group:
            self.change(group=())
        elif self.view.archived:
            self.change(archived=False)


def counted(session: Session, text: str, column: int, total: int, *, archived: bool) -> CountReady:
    """Return what is known about a filter that is being typed."""
    completions = _completions(session, text, column)
    try:
        matching = runs_table.count_matching(session, text, archived=archived)
        answer = Answer(text, matching, total, completions=completions)
    except FilterError as error:
        # While a name is being typed, what could follow says more than what is wrong.
        at_the_end = error.column >= len(text.rstrip())
        said = "" if at_the_end and completions else f"{error.message} {error.hint}".strip()
        answer = Answer(text, None, total, said, error.column, completions)
    return CountReady(text, answer.matching, total, answer)


def _completions(session: Session, text: str, column: int) -> tuple[Completion, ...]:
    from workbench.filters import complete  # noqa: PLC0415 - where one filters

    def values(field: "Field") -> tuple[str, ...]:
        return _values(session, field)

    offers = complete(text, column, runs_table.names(session), values) if text else []
    return tuple(Completion(offer.text, offer.start, offer.kind) for offer in offers)


def _values(session: Session, field: "Field") -> tuple[str, ...]:
    kinds: dict[str, Any] = {"attribute": "attribute", "param": "param", "tag": "tag"}
    kind = kinds.get(field.kind)
    if kind is None:
        return ()
    return runs_table.values_of(session, Column(kind, _ATTRIBUTES.get(field.name, field.name)))
