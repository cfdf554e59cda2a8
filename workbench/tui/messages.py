"""What happened: every message that comes back from a worker, in one place.

A message says what is so now, never what to do. Where only the newest counts it
stands in for those still waiting (`can_replace`), so a slow screen never works
through a queue of stale news.
"""

from collections.abc import Callable, Sequence
from typing import Any

from textual.message import Message


class Newest(Message):
    """A message whose newest one makes those before it pointless, waiting or not yet posted."""

    def can_replace(self, message: Message) -> bool:
        """Stand in for a waiting message of the same kind and subject."""
        return type(message) is type(self) and self.subject == message.subject

    @property
    def subject(self) -> object:
        """What the news is about; only news of the same subject is replaced."""
        return None


class CatalogueChanged(Message, bubble=False):
    """A sweep found changes; ``changes`` is what `Session.sweep` returned.

    Waiting ones are joined by whoever handles them: each carries its own run ids.
    """

    def __init__(self, changes: Any) -> None:
        super().__init__()
        self.changes = changes


class WatchStatusChanged(Newest, bubble=False):
    """The watcher says how it watches: ``watching`` or ``polled 14:02:10``."""

    def __init__(self, status: str) -> None:
        super().__init__()
        self.status = status


class ViewReady(Message):
    """A query was prepared: ``view`` is what can be shown of it.

    None is replaced by a newer one: whoever handles it lets go of a view that is past.
    """

    def __init__(self, generation: int, view: Any) -> None:
        super().__init__()
        self.generation = generation
        self.view = view


class RowsReady(Message):
    """A page of rows came; dropped by the table if its generation is past."""

    def __init__(self, page: Any) -> None:
        super().__init__()
        self.page = page


class RowsMissed(Message):
    """A page of rows could not be fetched; ``error`` says why."""

    def __init__(self, start: int, generation: int, error: Exception) -> None:
        super().__init__()
        self.start = start
        self.generation = generation
        self.error = error


class CurvesReady(Newest):
    """A drawing for one chart is ready."""

    def __init__(self, chart: str, drawing: Any, size: tuple[int, int]) -> None:
        super().__init__()
        self.chart = chart
        self.drawing = drawing
        self.size = size

    @property
    def subject(self) -> object:
        """Which chart."""
        return self.chart


class PictureReady(Newest):
    """A chart over many runs is ready; without a picture ``drawing`` is the reason in words."""

    def __init__(self, asked: Any, picture: Any, drawing: Any) -> None:
        super().__init__()
        self.asked = asked
        self.picture = picture
        self.drawing = drawing


class FigureDrawn(Message):
    """A picture's figure was drawn in another size, or ``error`` says why it was not."""

    def __init__(self, picture: Any, drawing: Any, error: Exception | None = None) -> None:
        super().__init__()
        self.picture = picture
        self.drawing = drawing
        self.error = error


class ColumnsReady(Newest):
    """The columns runs have were read, to choose one; ``now`` is the one that holds."""

    def __init__(self, facts: Any, now: Any) -> None:
        super().__init__()
        self.facts = facts
        self.now = now


class CurvesMissed(Message, bubble=False):
    """Curves could not be read or drawn; ``error`` says why."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


class MetricsReady(Newest):
    """The names of all metrics were read, to go ``by`` so many places further."""

    def __init__(self, metrics: Sequence[str], by: int) -> None:
        super().__init__()
        self.metrics = metrics
        self.by = by


class CountReady(Newest):
    """The filter being typed was counted, or could not be read."""

    def __init__(self, text: str, count: int | None, total: int, error: Any = None) -> None:
        super().__init__()
        self.text = text
        self.count = count
        self.total = total
        self.error = error


class DetailReady(Newest):
    """One run's page is ready."""

    def __init__(self, run: int, detail: Any) -> None:
        super().__init__()
        self.run = run
        self.detail = detail


class Finished(Message):
    """Something a person asked for is done; ``words`` say what."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words


class TextReady(Newest):
    """The text somebody wants to copy was found."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class SavedViewsReady(Newest):
    """The saved views were read."""

    def __init__(self, saved: tuple[Any, ...]) -> None:
        super().__init__()
        self.saved = saved


class EditDone(Message):
    """An edit is written, and can be undone."""

    def __init__(self, edit: str, words: str) -> None:
        super().__init__()
        self.edit = edit
        self.words = words


class WentWrong(Message):
    """Something a person asked for did not happen; ``error`` says why."""

    def __init__(self, doing: str, error: Exception) -> None:
        super().__init__()
        self.doing = doing
        self.error = error


class SparklinesReady(Newest):
    """The tiny curves of one run's metrics, by name."""

    def __init__(self, run: int, sparklines: Any) -> None:
        super().__init__()
        self.run = run
        self.sparklines = sparklines


class PreviewReady(Newest):
    """What can be shown of a file; ``picture`` is a drawing where it is an image."""

    def __init__(self, path: str, preview: Any, picture: Any = None) -> None:
        super().__init__()
        self.path = path
        self.preview = preview
        self.picture = picture


class ActivityReady(Newest):
    """What happened in the workspace was gathered."""

    def __init__(self, activity: Any) -> None:
        super().__init__()
        self.activity = activity


class ModelsReady(Newest):
    """The list of registered models was read."""

    def __init__(self, models: Any) -> None:
        super().__init__()
        self.models = models


class ModelReady(Newest):
    """One model was read: its versions, stages and requests."""

    def __init__(self, model: str, page: Any) -> None:
        super().__init__()
        self.model = model
        self.page = page

    @property
    def subject(self) -> object:
        """Which model."""
        return self.model


class DatasetsReady(Newest):
    """The list of datasets was read."""

    def __init__(self, datasets: Any) -> None:
        super().__init__()
        self.datasets = datasets


class DatasetReady(Newest):
    """One dataset was read: its versions, and everything of one of them."""

    def __init__(self, dataset: str, page: Any) -> None:
        super().__init__()
        self.dataset = dataset
        self.page = page

    @property
    def subject(self) -> object:
        """Which dataset."""
        return self.dataset


class WatchedReady(Newest):
    """All that is watched for drift was read."""

    def __init__(self, watch: Any) -> None:
        super().__init__()
        self.watch = watch


class MonitorReady(Newest):
    """One monitor was read: its series, alerts and mutes."""

    def __init__(self, monitor: str, page: Any) -> None:
        super().__init__()
        self.monitor = monitor
        self.page = page

    @property
    def subject(self) -> object:
        """Which monitor."""
        return self.monitor


class ReportReady(Newest):
    """A drift report was read; ``key`` says which."""

    def __init__(self, key: str, report: Any) -> None:
        super().__init__()
        self.key = key
        self.report = report


class PageReady(Newest):
    """A page about versions was made: how they differ, where one comes from, the history."""

    def __init__(self, page: Any) -> None:
        super().__init__()
        self.page = page


class Learned(Message):
    """What a person's wish needs was read, or the wish was done; ``then`` goes on with it."""

    def __init__(self, then: Callable[[Any], None], found: Any) -> None:
        super().__init__()
        self.then = then
        self.found = found


class AskedReady(Newest, bubble=False):
    """What waits for this person was counted."""

    def __init__(self, requests: Any) -> None:
        super().__init__()
        self.requests = requests


class ColleagueActed(Message):
    """Somebody else changed stages; ``news`` says who, which and why."""

    def __init__(self, news: Any) -> None:
        super().__init__()
        self.news = news
