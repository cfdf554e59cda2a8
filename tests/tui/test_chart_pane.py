"""The pane of charts: every key, one crosshair for all, and reading that holds up no key."""

import math
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Self

import pytest
from textual.app import ComposeResult
from textual.binding import BindingType

from tests.building import BEGIN, Point, append_metrics, points, write_run, write_workspace
from tests.tui.looking import lines_with, screen_text, until
from tests.tui.stage import Stage
from workbench.clock import FixedClock
from workbench.operations.curves import CurveStore
from workbench.operations.session import Session, open_session
from workbench.tui.chart_pane import ChartPane
from workbench.tui.chart_settings import ChartSettings, Group, Line, Subject
from workbench.tui.frame import WorkbenchScreen
from workbench.tui.keyed import bindings
from workbench.tui.keys import Context
from workbench.tui.widgets.chart_view import ChartView
from workbench.tui.widgets.choose import ChooseScreen
from workbench.tui.widgets.headed import HeadedLines
from workbench.tui.widgets.prompt import PromptScreen

SIZE = (80, 24)
WIDE = (120, 40)
LINES = (
    Line(1, "lr=0.1", 0x56B4E9, "a"),
    Line(2, "lr=0.01", 0xE69F00, "b", focused=True),
    Line(3, "lr=1", 0x009E73, "c"),
)


def curve(number: int, count: int) -> list[Point]:
    """Return a loss that falls from its number, an accuracy, and tokens of 10 a step."""
    return [
        (
            step,
            BEGIN + step,
            {"loss": number / (step + 1), "acc": step / 100, "tokens": 10.0 * step * number},
        )
        for step in range(count)
    ]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Three runs of 60, 60 and 30 steps; losses 1/s, 2/s and 3/s."""
    root = write_workspace(tmp_path / "w")
    for number, count in enumerate((60, 60, 30)):
        write_run(root, number=3 - number, name=f"run-{number}", metrics=curve(number + 1, count))
    with open_session(root, clock=FixedClock(), in_memory=True) as made:
        made.sweep()
        yield made


class Holder(WorkbenchScreen):
    """A screen with a pane of charts and nothing else."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("everywhere")]
    TITLE_WORDS = "Charts"

    def __init__(self, session: Session, subject: Subject, settings: ChartSettings) -> None:
        super().__init__()
        self.session = session
        self.subject = subject
        self.settings = settings
        self.backs = 0

    def body(self) -> ComposeResult:
        """Return the pane."""
        yield ChartPane(self.session, id="charts")

    def on_mount(self) -> None:
        """Say what it is about."""
        self.pane.set_reactive(ChartPane.settings, self.settings)
        self.pane.subject = self.subject
        self.query(ChartView).first().focus()

    @property
    def pane(self) -> ChartPane:
        """The pane."""
        return self.query_one("#charts", ChartPane)

    def key_context(self) -> Context:
        """Say that there is something to draw."""
        return Context(metrics=len(self.subject.metrics))

    def press_back(self) -> None:
        """Count how often somebody wants back."""
        self.backs += 1


class Shown:
    """A pane on a stage, for as long as a test needs it."""

    def __init__(
        self,
        session: Session,
        *metrics: str,
        subject: Subject | None = None,
        settings: ChartSettings | None = None,
        size: tuple[int, int] = SIZE,
    ) -> None:
        subject = subject or Subject(LINES, metrics or ("loss",))
        self.holder = Holder(session, subject, settings or ChartSettings())
        self.run = Stage(session, lambda: self.holder).run_test(size=size, notifications=True)

    async def __aenter__(self) -> Self:
        self.pilot = await self.run.__aenter__()
        await until(self.pilot, lambda: "└" in self.text or "Put the cursor" in self.text)
        return self

    async def __aexit__(self, *wrong: object) -> None:
        await self.run.__aexit__(*wrong)  # type: ignore[arg-type]

    @property
    def text(self) -> str:
        """What is on the screen."""
        return screen_text(self.pilot.app)

    @property
    def settings(self) -> ChartSettings:
        """What is chosen."""
        return self.holder.pane.settings

    async def press(self, *keys: str) -> None:
        """Press keys."""
        await self.pilot.press(*keys)

    async def shows(self, *words: str) -> None:
        """Wait until all of these are on the screen."""
        await until(self.pilot, lambda: all(word in self.text for word in words))

    async def lacks(self, words: str) -> None:
        """Wait until this is not on the screen."""
        await until(self.pilot, lambda: words not in self.text)


async def test_curves_have_letters_and_labels(session: Session) -> None:
    """A letter in the legend and at the end of the line: no colour is needed."""
    async with Shown(session) as on:
        await on.shows("loss", "a lr=0.1", "b lr=0.01", "c lr=1", "x = step")
        ends = [line.rstrip()[-1] for line in on.text.splitlines() if "│" in line or "┤" in line]
        assert set("ab") <= set(ends)


async def test_the_x_axis_is_chosen_among_steps_times_and_every_metric(session: Session) -> None:
    """What holds now is marked; the scale stands in the same list."""
    async with Shown(session, "loss", "tokens") as on:
        await on.press("x")
        await on.shows("● Step", "Since start", "Symmetric log", "tokens")
        await on.press(*"tokens", "enter")
        await until(on.pilot, lambda: on.settings.x == "metric:tokens")
        await on.shows("x = tokens")
        await on.press("x", *"symmetric", "enter")
        await until(on.pilot, lambda: on.settings.x_scale == "symlog")
        await on.shows("x = tokens, symlog")
        await on.press("x", "escape")
        await until(on.pilot, lambda: not isinstance(on.pilot.app.screen, ChooseScreen))
        assert (on.settings.x, on.settings.x_scale) == ("metric:tokens", "symlog")


async def test_another_x_axis_takes_crosshair_and_zoom_away(session: Session) -> None:
    """Step 30 is no time."""
    before = ChartSettings(at=30.0, zoom=2, pan=0.7)
    async with Shown(session, settings=before) as on:
        await on.press("x", *"start", "enter")
        await until(on.pilot, lambda: on.settings.x == "relative")
        assert (on.settings.at, on.settings.zoom, on.settings.pan) == (None, 0, 0.5)


async def test_best_so_far_goes_by_the_goal(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a goal there is no best, and the chart says so."""
    monkeypatch.setattr(type(session), "goals", property(lambda _: {"acc": "max"}))
    async with Shown(session, "acc") as on:
        await on.press("X", *"best", "enter")
        await on.shows("acc, best so far")
        await on.pilot.pause()
        on.holder.pane.subject = Subject(LINES, ("loss",))
        await on.shows("loss (no goal, so no best)")


async def test_a_difference_is_against_the_baseline(session: Session) -> None:
    """At step 9 the losses are 0.1, 0.2 and 0.3: less the first 0, 0.1 and 0.2."""
    subject = Subject(LINES, ("loss",), baseline=1)
    async with Shown(session, subject=subject, settings=ChartSettings(at=9.0)) as on:
        await on.press("X", *"difference", "enter")
        await on.shows("loss − baseline at step 9")
        await on.shows("a lr=0.1 0 ", "b lr=0.01 0.1", "c lr=1 0.2")


async def test_without_a_baseline_the_values_stay_and_it_is_said(session: Session) -> None:
    """Nothing is subtracted in silence."""
    async with Shown(session, settings=ChartSettings(values="difference")) as on:
        await on.shows("(no baseline to subtract)")


async def test_the_y_axis_turns_linear_log_and_symlog(session: Session) -> None:
    """And linear again."""
    async with Shown(session) as on:
        for scale in ("log", "symlog", "linear"):
            await on.press("L")
            await until(on.pilot, lambda wanted=scale: on.settings.y_scale == wanted)  # type: ignore[misc]
            await (on.lacks("log") if scale == "linear" else on.shows(scale))
        await on.press("X", *"logarithmic", "enter")
        await until(on.pilot, lambda: on.settings.y_scale == "log")


async def test_lines_are_means_raw_values_or_envelopes_and_smoothed(session: Session) -> None:
    """Smoothing goes up to 0.99 and down to nothing."""
    async with Shown(session) as on:
        await on.press("m")
        await on.shows("raw")
        await on.press("m")
        await on.shows("envelope")
        await on.press("m", "greater_than_sign")
        await on.shows("smoothed 0.3")
        await on.press(*["greater_than_sign"] * 9)
        await on.shows("smoothed 0.99")
        await on.press(*["less_than_sign"] * 9)
        await on.lacks("smoothed")
        assert on.settings == ChartSettings()


async def test_the_x_axis_is_zoomed_and_panned(session: Session) -> None:
    """Half of 0 to 59 around the middle, then its left end; all of it again."""
    async with Shown(session) as on:
        await on.press("plus")
        await until(on.pilot, lambda: _seen(on) == pytest.approx((14.75, 44.25)))
        await on.press("left_square_bracket", "left_square_bracket")
        await until(on.pilot, lambda: _seen(on) == pytest.approx((0, 29.5)))
        await on.press("right_square_bracket")
        await until(on.pilot, lambda: _seen(on) == pytest.approx((14.75, 44.25)))
        await on.press("minus")
        await until(on.pilot, lambda: _seen(on) == pytest.approx((0, 59)))
        await on.press("plus", "plus", "0")
        await until(on.pilot, lambda: _seen(on) == pytest.approx((0, 59)))
        assert on.settings == ChartSettings()


async def test_zooming_keeps_the_crosshair_in_sight(session: Session) -> None:
    """The part that is looked at is the part that is wanted."""
    async with Shown(session, settings=ChartSettings(at=50.0)) as on:
        await until(on.pilot, lambda: _seen(on) is not None)
        await on.press("plus", "plus")
        await until(on.pilot, lambda: on.settings.zoom == 2 and _seen(on)[1] - _seen(on)[0] < 15)
        low, high = _seen(on)
        assert low <= 50 <= high


def _seen(on: Shown) -> tuple[float, float]:
    seen = on.holder.pane.seen()
    assert seen is not None
    return seen[0].low, seen[0].high


async def test_one_crosshair_stands_at_the_same_x_in_all_charts(session: Session) -> None:
    """The chart of the longer axis has it further left; it is one step in both."""
    write_run(session.root, number=7, name="long", metrics=points(101, "wide"))
    session.sweep()
    subject = Subject((*LINES, Line(4, "long", 0xCC79A7, "d")), ("loss", "wide"))
    settings = ChartSettings(at=25.0, columns=1)
    async with Shown(session, subject=subject, settings=settings, size=WIDE) as on:
        await on.shows("loss at step 25", "loss  step 25", "wide  step 25")
        rows = on.text.splitlines()
        loss, wide = (
            _crosshair(rows[next(n for n, row in enumerate(rows) if f"{name}  step" in row) :])
            for name in ("loss", "wide")
        )
        assert loss == pytest.approx(25 / 59, abs=0.02)
        assert wide == pytest.approx(25 / 100, abs=0.02)


def _crosshair(rows: list[str]) -> float:
    """Return where across its plot the upright line of a chart stands, 0 to 1."""
    end = next(n for n, row in enumerate(rows) if "└" in row)
    left = rows[end].index("└")
    axis = rows[end].rstrip()
    counts = [
        sum(row[place : place + 1] == "│" for row in rows[:end])
        for place in range(left + 1, len(axis))
    ]
    return counts.index(max(counts)) / (len(counts) - 1)


async def test_values_under_the_crosshair_are_those_that_were_logged(session: Session) -> None:
    """A run that ended before says where; letters and values fit into 80 columns."""
    async with Shown(session, settings=ChartSettings(at=39.0)) as on:
        await on.shows("loss at step 39", "a lr=0.1 0.025", "b lr=0.01 0.05", "c lr=1 0.1 @29")


async def test_ten_runs_are_read_off_in_eighty_columns(session: Session) -> None:
    """Without their labels: the letters stand for them."""
    lines = tuple(Line(1 + n % 3, f"a-long-label-{n}", 0x56B4E9, chr(97 + n)) for n in range(10))
    async with Shown(
        session, subject=Subject(lines, ("loss",)), settings=ChartSettings(at=9.0)
    ) as on:
        await on.shows(
            "loss at step 9", *(f"{chr(97 + n)} {0.1 * (1 + n % 3):.1g}" for n in range(10))
        )


async def test_the_crosshair_comes_moves_and_goes(session: Session) -> None:
    """`i` puts it in the middle, arrows move it by whole steps, the first Esc takes it away."""
    async with Shown(session) as on:
        await until(on.pilot, lambda: on.holder.pane.seen() is not None)
        await on.press("i")
        await on.shows("loss at step 30")
        await on.press("right", "right", "l")
        await on.shows("loss at step 33")
        await on.press("h")
        await on.shows("loss at step 32")
        await on.press("escape")
        await on.lacks("at step")
        assert on.holder.backs == 0
        await on.press("escape")
        assert on.holder.backs == 1


async def test_a_step_that_is_typed_is_where_values_are_read(session: Session) -> None:
    """Nonsense is said while it is typed; nothing takes the crosshair away."""
    async with Shown(session) as on:
        await on.press("at")
        await on.shows("Read values at step")
        await on.press(*"soon", "enter")
        await on.shows("soon is no place on the axis of step.")
        await on.press(*["backspace"] * 4, *"1,0", "backspace", "backspace", *"0", "enter")
        await on.shows("loss at step 10")
        assert on.settings.at == 10
        await on.press("at")
        await on.shows("Now at step 10; Enter alone takes it away.")
        await on.press("enter")
        await until(on.pilot, lambda: on.settings.at is None)
        await on.press("at", "escape")
        await until(on.pilot, lambda: not isinstance(on.pilot.app.screen, PromptScreen))


async def test_outliers_are_clipped_and_it_is_said(session: Session) -> None:
    """A toggle."""
    async with Shown(session) as on:
        await on.press("C")
        await on.shows("clipped")
        await on.press("C")
        await on.lacks("clipped")


async def test_the_grid_has_the_columns_and_rows_somebody_wants(session: Session) -> None:
    """At most as many as there is room for, then as many as fit again."""
    async with Shown(session, "loss", "acc", "tokens", size=WIDE) as on:
        charts = lambda: [one for one in on.holder.query(ChartView) if one.display]  # noqa: E731
        await until(on.pilot, lambda: len(charts()) == 3)
        await on.press("c")
        await until(on.pilot, lambda: on.settings.columns == 1)
        await until(on.pilot, lambda: len({one.region.x for one in charts()}) == 1)
        on.holder.pane.press_chart_rows()
        await until(on.pilot, lambda: len(charts()) == 1)
        await on.shows("1 of 3 metrics")
        await on.press("c", "c")
        await until(
            on.pilot,
            lambda: (
                [one.region.x for one in charts()] == sorted({one.region.x for one in charts()})
                and len(charts()) == 3
            ),
        )
        await on.press("c")
        assert on.settings.columns == 0


async def test_metrics_are_stepped_through(session: Session) -> None:
    """And around."""
    async with Shown(session, "loss", "acc", settings=ChartSettings(rows=1, columns=1)) as on:
        await on.press("n")
        await on.shows("── acc")
        await on.press("n")
        await on.shows("── loss")
        await on.press("N")
        await on.shows("── acc")


async def test_a_group_is_drawn_as_its_mean(session: Session) -> None:
    """Losses of 0.1, 0.2 and 0.3 at step 9 are 0.2; n says of how many."""
    group = Group("depth=3", 0x56B4E9, "A", (1, 2, 3))
    subject = Subject(LINES, ("loss",), groups=(group,))
    async with Shown(session, subject=subject, settings=ChartSettings(at=9.0)) as on:
        await on.shows("depth=3 (n=3)", "A depth=3 0.2 ±0.1")
        assert "lr=0.1" not in on.text


async def test_what_is_not_drawn_is_said(session: Session) -> None:
    """Ten of fourteen are not all."""
    async with Shown(session, subject=Subject(LINES, ("loss",), left_out=11)) as on:
        await on.shows("3 of 14 runs drawn")


async def test_nan_and_infinity_are_marks(session: Session) -> None:
    """A cross on the axis, a triangle at the edge."""
    odd = [
        (0, BEGIN, {"odd": 1.0}),
        (1, BEGIN, {"odd": math.nan}),
        (2, BEGIN, {"odd": math.inf}),
        (3, BEGIN, {"odd": 2.0}),
    ]
    write_run(session.root, number=8, name="odd", metrics=odd)
    session.sweep()
    async with Shown(session, subject=Subject((Line(4, "odd", 0x56B4E9, "a"),), ("odd",))) as on:
        await on.shows("×", "▲", "1 NaN")


async def test_the_table_has_the_runs_side_by_side(session: Session) -> None:
    """One line for each step, the last one first; a run that ended has no value."""
    async with Shown(session) as on:
        await on.press("t")
        await on.shows("a lr=0.1", "c lr=1")
        (last,) = [line.split() for line in on.text.splitlines() if line.split()[:1] == ["59"]]
        assert last == ["59", "0.01667", "0.03333", "—"]
        await on.press("t")
        await on.shows("└")


async def test_the_table_and_what_is_read_off_show_the_settings_of_now(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is chosen while the table is there, and a place that is typed comes in sight."""
    monkeypatch.setattr(type(session), "goals", property(lambda _: {"loss": "max"}))
    before = ChartSettings(at=50.0, values="best")
    async with Shown(session, settings=before) as on:
        await on.shows("loss, best so far at step 50", "a lr=0.1 1 ")
        await on.press("t")
        await on.shows("no point there", "▸   50")
        await on.press("X", *"values", "enter")
        await on.shows("loss at step 50", "a lr=0.1 0.01961")
        await on.lacks("best so far")
        await on.press("at", *"12", "enter")
        await on.shows("loss at step 12", "▸   12", "a lr=0.1 0.07692", "step  ")
        (row,) = lines_with(on.text, "▸ ")
        assert row.split()[:4] == ["▸", "12", "0.07692", "0.1538"]
        await on.press("at", "enter")
        await on.lacks("at step")
        await on.lacks("▸")


async def test_the_table_stays_where_somebody_scrolled(session: Session) -> None:
    """A run that logs more moves it not, and its heads stay in sight."""
    run = write_run(session.root, number=9, name="live", status=None, metrics=points(50, "live"))
    session.sweep()
    subject = Subject((Line(4, "live", 0x56B4E9, "a"),), ("live",))
    async with Shown(session, subject=subject, settings=ChartSettings(at=30.0)) as on:
        await on.press("t")
        await on.shows("▸   30")
        values = on.holder.pane.query_one("#values", HeadedLines)
        await on.press("G")
        await until(on.pilot, lambda: values.scroll_offset.y == values.max_scroll_y > 0)
        before = values.scroll_offset.y
        assert "a live" in lines_with(on.text, "step  ")[0]
        assert lines_with(on.text, "(in brackets)")
        append_metrics(run, points(60, "live", first=50))
        on.holder.pane.subject = subject
        await until(on.pilot, lambda: values.max_scroll_y > before)
        await on.pilot.pause()
        assert values.scroll_offset.y == before


async def test_a_live_run_moves(session: Session) -> None:
    """Set again, the same subject shows what was logged since."""
    run = write_run(session.root, number=9, name="live", status=None, metrics=points(5, "live"))
    session.sweep()
    subject = Subject((Line(4, "live", 0x56B4E9, "a"),), ("live",))
    async with Shown(session, subject=subject, settings=ChartSettings(at=20.0)) as on:
        await on.shows("@4")
        append_metrics(run, points(20, "live", first=5))
        on.holder.pane.subject = subject
        await on.shows("live at step 20", "0.04762")
        await on.lacks("@4")


async def test_keys_go_on_while_curves_are_read_and_esc_lets_go(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said that curves are read; stopped, nothing more is read until somebody asks again."""
    gate, asked = threading.Event(), []
    one = CurveStore._one

    def slow(store: CurveStore, place: object, metric: str) -> object:
        asked.append(place)
        gate.wait(20)
        return one(store, place, metric)  # type: ignore[arg-type]

    monkeypatch.setattr(CurveStore, "_one", slow)
    holder = Holder(session, Subject(LINES, ("loss",)), ChartSettings())
    try:
        async with Stage(session, lambda: holder).run_test(size=SIZE) as pilot:
            text = lambda: screen_text(pilot.app)  # noqa: E731
            await until(pilot, lambda: lines_with(text(), "reading …"))
            assert len(asked) == 1
            await pilot.press("L", "m")
            assert (holder.pane.settings.y_scale, holder.pane.settings.mode) == ("log", "raw")
            await pilot.press("escape")
            await until(pilot, lambda: "Stopped reading" in text())
            assert holder.backs == 0
            assert holder.pane._work.under_way
            holder.pane._say_reading()
            assert not holder.pane.reading
            assert lines_with(text(), "stopped reading")
            gate.set()
            await until(pilot, lambda: not holder.pane._work.under_way)
            assert len(asked) == 1
            holder.pane.subject = Subject(LINES, ("loss",))
            await pilot.pause(0.2)
            assert len(asked) == 1
            await pilot.press("m")
            await until(pilot, lambda: "└" in text())
            assert len(asked) == 4
    finally:
        gate.set()


async def test_a_wish_that_comes_while_curves_are_read_is_drawn_after(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The drawing under way lets go between two runs, and one drawing follows, not one a key."""
    gate, asked = threading.Event(), []
    one = CurveStore._one

    def slow(store: CurveStore, place: object, metric: str) -> object:
        asked.append(metric)
        gate.wait(20)
        return one(store, place, metric)  # type: ignore[arg-type]

    monkeypatch.setattr(CurveStore, "_one", slow)
    subject = Subject(LINES, ("loss", "acc"))
    holder = Holder(session, subject, ChartSettings(rows=1, columns=1))
    try:
        async with Stage(session, lambda: holder).run_test(size=SIZE) as pilot:
            await until(pilot, lambda: holder.pane.reading)
            await pilot.press("n", "n", "n")
            await until(pilot, lambda: holder.pane._work.again)
            gate.set()
            await until(
                pilot, lambda: "acc  " in screen_text(pilot.app) and "└" in screen_text(pilot.app)
            )
            assert asked == ["loss", "acc", "acc", "acc"]
    finally:
        gate.set()


async def test_curves_that_cannot_be_drawn_are_said(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next key tries again."""
    several = CurveStore.several

    def broken(*_args: object) -> None:
        raise RuntimeError("the catalogue is closed")

    monkeypatch.setattr(CurveStore, "several", broken)
    holder = Holder(session, Subject(LINES, ("loss",)), ChartSettings())
    async with Stage(session, lambda: holder).run_test(size=SIZE, notifications=True) as pilot:
        await until(pilot, lambda: "RuntimeError: the catalogue is" in screen_text(pilot.app))
        monkeypatch.setattr(CurveStore, "several", several)
        await pilot.press("m")
        await until(pilot, lambda: "└" in screen_text(pilot.app))


async def test_without_runs_it_says_what_to_do(session: Session) -> None:
    """Nothing is drawn of nothing."""
    async with Shown(session, subject=Subject((), ("loss",))) as on:
        await on.shows("Put the cursor on a run")
