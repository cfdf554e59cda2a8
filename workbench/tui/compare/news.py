"""What happens meanwhile: runs that log on, that are edited, that are gone."""

from typing import TYPE_CHECKING

from workbench.tui.compare.plots import ComparePlots
from workbench.tui.compare.state import ids_of
from workbench.tui.messages import CatalogueChanged, WatchStatusChanged

if TYPE_CHECKING:
    from textual.timer import Timer

_RELOAD_S = 1.0
"""The runs are compared anew at most this often while they log."""


class CompareNews(ComparePlots):
    """The part of the compare screen that follows the folder."""

    _reloading: "Timer | None" = None

    def on_catalogue_changed(self, event: CatalogueChanged) -> None:
        """Compare anew at a calm pace when one of these runs has logged, changed or gone."""
        changes = event.changes
        runs = {one.run for one in self.shown.comparison.runs} if self.shown else set()
        touched = changes.changed | changes.new | changes.gone
        few = len(runs) < len(ids_of(self.view))  # one that was gone may be back
        if changes.edits or few or runs & touched:
            self.reload_soon(_RELOAD_S)
        if self.plots and (changes.edits or touched):
            self.plot.news()

    def reload_soon(self, seconds: float) -> None:
        """Compare anew in a moment, together with what else is wanted until then."""
        if self._reloading is None:
            self._reloading = self.set_timer(seconds, self._reload_now)

    def _reload_now(self) -> None:
        self._reloading = None
        self.reload()

    def on_watch_status_changed(self, event: WatchStatusChanged) -> None:
        """Say how the folder is watched."""
        self.tell_header(watch=event.status)
