"""Every key of the workbench, once.

A key binding is a value: its id (for people's own key maps), keys, words for the
footer, a sentence for the help, where it holds, and why it is not possible now.
Bindings, footer, help, palette and the manual's table are made from `KEYS`;
nobody writes a key down anywhere else.
"""

from collections.abc import Iterable

from workbench.tui.data_keys import DATA_KEYS
from workbench.tui.drift_keys import DRIFT_KEYS
from workbench.tui.key import (
    TITLES,
    Context,
    Key,
    Scope,
    make,
    needs_choice,
    needs_diff,
    needs_held,
    needs_metric,
    needs_model,
    needs_place,
    needs_registry,
    needs_row,
    needs_rows,
    needs_two,
    needs_undo,
    needs_version,
    needs_version_here,
    needs_version_to_change,
    needs_versions,
    needs_writing,
    symbol,
)

__all__ = [
    "BY_ID",
    "KEYS",
    "TITLES",
    "Context",
    "Key",
    "Scope",
    "for_footer",
    "grouped",
    "keys_for",
    "symbol",
]

_ALL: tuple[Scope, ...] = ("everywhere",)
_TABLE: tuple[Scope, ...] = ("table",)
_CHART: tuple[Scope, ...] = ("chart",)
_RUNS: tuple[Scope, ...] = ("runs",)
_BOTH: tuple[Scope, ...] = ("runs", "run")
_COMPARE: tuple[Scope, ...] = ("compare",)
_PLOT: tuple[Scope, ...] = ("plot",)
_MODELS: tuple[Scope, ...] = ("models", "model")
_MODEL: tuple[Scope, ...] = ("model",)
_HISTORY: tuple[Scope, ...] = ("registry-history",)
_COLUMNS: tuple[Scope, ...] = ("columns",)
_TYPING: tuple[Scope, ...] = ("typing",)
_SCROLLED: tuple[Scope, ...] = ("table", "text", "strip")
_SIDEWAYS: tuple[Scope, ...] = ("table", "text", "chart", "strip")


KEYS: tuple[Key, ...] = (
    # -------------------------------------------------------------- everywhere
    make("screen-runs", "1", "Runs", "Go to all runs.", "Go", _ALL),
    make("screen-compare", "2", "Compare", "Put the marked runs side by side.", "Go", _ALL),
    make("screen-data", "3", "Data", "Go to the datasets, their versions and columns.", "Go", _ALL),
    make("screen-drift", "4", "Drift", "Go to what is watched for drift.", "Go", _ALL),
    make("screen-models", "5", "Models", "Go to the models, their versions and stages.", "Go",
        _ALL),
    make("screen-activity", "6", "Activity", "Go to jobs, requests, faults and the journal.", "Go",
        _ALL),
    make("filter", "slash", "Filter", "Filter the focused pane; Esc clears.", "Look", _ALL,
        rank=30),
    make("palette", "ctrl+p colon", "Palette", "Find a screen, an action or a run by name.", "Go",
        _ALL, rank=90, palette=False),
    make("help", "question_mark f1", "Help", "Show the keys of this screen.", "Program", _ALL,
        rank=2),
    make("back", "escape", "Back", "Go back, close, or take the filter off; never quits.", "Go",
        _ALL, palette=False),
    make("next-pane", "tab", "Next pane", "Move to the next pane.", "Go", _ALL, palette=False),
    make("previous-pane", "shift+tab", "Pane before", "Move to the pane before.", "Go", _ALL,
        palette=False),
    make("zoom", "z", "Zoom", "Give the focused pane the whole screen, or give it back.", "Look",
        _ALL, rank=70),
    make("export", "e", "Export", "Write what is on the screen to a file.", "Look", _ALL, rank=80),
    make("undo", "u", "Undo", "Take back your last edit.", "Change", _ALL, needs_undo, rank=85),
    make("look-now", "r", "Look now", "Look for changes in the folder now.", "Look", _ALL),
    make("copy", "y", "Copy", "Copy the cell, or the id of what is in focus.", "Look", _ALL),
    make("copy-row", "Y", "Copy row", "Copy the row with its column names.", "Look", _ALL),
    make("theme", "", "Theme", "Choose the colours.", "Program", _ALL),
    make("quit", "q", "Quit", "Leave the workbench; asks if a job runs.", "Program", _ALL, rank=95),
    # -------------------------------------------------------------- moving
    make("up", "up k", "Up", "Move up one line.", "Move", _SCROLLED, palette=False),
    make("down", "down j", "Down", "Move down one line.", "Move", _SCROLLED, palette=False),
    make("left", "left h", "Column left", "Move one column to the left.", "Move", _SIDEWAYS,
        palette=False),
    make("right", "right l", "Column right", "Move one column to the right.", "Move", _SIDEWAYS,
        palette=False),
    make("page-up", "pageup ctrl+u", "Page up", "Move up one page.", "Move", _SCROLLED,
        palette=False),
    make("page-down", "pagedown ctrl+d", "Page down", "Move down one page.", "Move", _SCROLLED,
        palette=False),
    make("top", "g home", "First", "Move to the first line.", "Move", _SCROLLED, palette=False),
    make("bottom", "G end", "Last", "Move to the last line.", "Move", _SCROLLED, palette=False),
    make("open", "enter", "Open", "Open the row under the cursor.", "Go", _TABLE, needs_row,
        rank=10, palette=False),
    make("mark", "space", "Mark", "Mark the row for comparing and overlaying, or unmark it.",
        "Compare", _TABLE, needs_row, rank=20),
    make("sort", "s", "Sort",
        "Sort by this column, then by the earlier ones; again: by it alone, then turned.",
        "Look", _TABLE, needs_rows, rank=40),
    make("sort-reverse", "S", "Reverse", "Turn the order of the column under the cursor.", "Look",
        _TABLE, needs_rows),
    make("narrower", "less_than_sign", "Narrower", "Make the column under the cursor narrower.",
        "Columns", _TABLE),
    make("wider", "greater_than_sign", "Wider", "Make the column under the cursor wider.",
        "Columns", _TABLE),
    # -------------------------------------------------------------- runs
    make("columns", "c", "Columns", "Choose, order, pin and hide columns.", "Columns", _RUNS,
        rank=50),
    make("chart-columns", "c", "Grid", "Change how many charts stand side by side.", "Chart",
        ("run", "compare", "chart"), needs_metric, rank=50),
    make("chart-rows", "", "Grid rows", "Change how many charts stand above each other.", "Chart",
        _CHART, needs_metric),
    make("group", "o", "Group", "Group runs by experiment, parent, format or a param.", "Look",
        ("runs", "compare"), rank=62),
    make("why", "w", "Why", "Say why one of two marked runs is better than the other.", "Compare",
        ("runs", "compare"), needs_two, rank=46),
    make("collapse-seeds", "", "Collapse seeds", "Show runs equal in all but the seed as one row.",
        "Look", _RUNS),
    make("baseline", "b", "Baseline", "Compare against this run, or stop comparing.", "Compare",
        ("runs", "run", "compare"), needs_row, rank=45),
    make("edit", "E", "Edit", "Change name, tags or note of this run or of all marked.", "Change",
        _BOTH, needs_writing, rank=55),
    make("rename", "", "Rename", "Change the name of the run.", "Change", _BOTH, needs_writing),
    make("tag", "", "Tag", "Change the tags of the run or of all marked.", "Change", _BOTH,
        needs_writing),
    make("note", "", "Note", "Write a note on the run.", "Change", _BOTH, needs_writing),
    make("declare-killed", "", "Declare killed", "Say that a stale run is dead.", "Change", _BOTH,
        needs_writing),
    make("views", "V", "Views", "Open, save or remove a saved view.", "Look",
        ("runs", "compare"), rank=60),
    make("archive", "D", "Archive", "Put the run or all marked away, or bring them back.", "Change",
        _BOTH, needs_writing, rank=75),
    make("show-archived", "", "Show archived", "Show what is archived alone, or the others again.",
        "Look", ("runs", "data")),
    make("import-runs", "", "Import runs", "Copy runs of another tool into the workspace.",
        "Change", _RUNS, needs_place),
    make("export-mlflow", "", "MLflow export",
        "Export to MLflow: write the marked runs, or all runs and models, as MLflow reads them.",
        "Look", _RUNS),
    make("ask-folders", "", "Unclear folders",
        "Say once which column of plain tables is the step, or that they are no runs.",
        "Change", _RUNS),
    make("clear-marks", "", "Clear marks", "Unmark all rows.", "Compare", ("runs", "compare")),
    make("follow", "f", "New rows", "Jump to new rows and follow them.", "Look",
        ("runs", "activity"), rank=65),
    make("diff", "d", "Diff", "Show the uncommitted changes the run was started with.", "Look",
        ("run",), needs_diff, rank=60),
    make("copy-path", "", "Copy path", "Copy the path of the run's folder.", "Look", _BOTH,
        needs_row),
    # -------------------------------------------------------------- comparing
    make("plot-kind", "K", "Kind", "Choose the kind of chart: curves, scatter, parallel and more.",
        "Chart", _COMPARE, rank=32),
    make("equal", "equals_sign", "Equal rows", "Show the equal rows too, or the differences alone.",
        "Compare", _COMPARE, rank=34),
    make("next-difference", "right_curly_bracket", "Next difference",
        "Go to the next row that differs.", "Compare", _COMPARE, rank=36),
    make("previous-difference", "left_curly_bracket", "One before",
        "Go to the row before that differs.", "Compare", _COMPARE),
    make("open-run", "enter", "Open run", "Open the run of the column under the cursor.", "Go",
        _COMPARE, needs_row, rank=10, palette=False),
    make("take-out", "space", "Take out", "Unmark the run of the column under the cursor.",
        "Compare", _COMPARE, needs_row, rank=20),
    make("order-runs", "s", "Order runs",
        "Order the runs by this row, the best first; again: as they were marked.", "Look",
        _COMPARE, needs_row, rank=40),
    make("order-reverse", "S", "Reverse", "Order the runs by this row the other way round.", "Look",
        _COMPARE, needs_row),
    make("code-diff", "d", "Code diff",
        "Show how the code of this run differs from the baseline's, or the first run's.", "Look",
        ("compare", "why"), rank=48),
    # -------------------------------------------------------------- models
    make("roll-back", "R", "Roll back", "Give the stage under the cursor back to a former version.",
        "Stage", _MODELS, needs_held, rank=12),
    make("promote", "p", "Promote", "Put a version in a stage; shows first what holds and fails.",
        "Stage", _MODELS, needs_version, rank=13),
    make("freeze", "F", "Freeze", "Freeze the stage under the cursor for a while, or thaw it.",
        "Stage", _MODELS, needs_registry, rank=50),
    make("gate", "exclamation_mark", "Check", "Look now which checks would hold; promotes nothing.",
        "Stage", _MODELS, needs_version, rank=32),
    make("approve", "A", "Approve", "Approve a request, tick an item, or acknowledge an alert.",
        "Stage", ("models", "model", "activity"), needs_place, rank=34),
    make("register", "a", "Register", "Register a version of a model, from a run or from files.",
        "Change", ("models", "model", "runs", "run"), needs_place, rank=57),
    make("describe", "E", "Describe", "Change the description or the tags of the version.",
        "Change", _MODEL, needs_version_to_change, rank=55),
    make("retire", "D", "Retire", "Retire the version or bring it back; withdraw a request.",
        "Change", _MODEL, needs_version_to_change, rank=60),
    make("champion", "b", "Champion", "Choose the stage whose version the others are compared to.",
        "Compare", _MODEL, needs_model, rank=40),
    make("version-diff", "d", "Diff", "Compare two marked versions, or this one and the champion.",
        "Compare", _MODEL, needs_versions, rank=30),
    make("lineage", "T", "Lineage", "Show what the version was made of, and where it went.",
        "Look", _MODEL, needs_version_here, rank=45),
    make("history", "H", "History", "Show who did what, when and why; and how it was at a date.",
        "Look", _MODELS, rank=36),
    make("open-source-run", "enter", "Open run", "Open the run that the version came from.", "Go",
        _MODEL, needs_model, rank=11, palette=False),
    make("at-date", "at", "At a date", "Show what held each stage at a date you type.", "Look",
        _HISTORY, rank=12),
    make("all-models", "H", "All models", "Show the history of all models, or of one again.",
        "Look", _HISTORY, rank=14),
    *DATA_KEYS,
    *DRIFT_KEYS,
    # -------------------------------------------------------------- activity
    make("cancel-job", "D", "Cancel job",
        "Cancel the job under the cursor, or withdraw the request.", "Change",
        ("activity",), needs_row, rank=50),
    # -------------------------------------------------------------- charts
    make("chart-table", "t", "As table", "Show the chart as a table, or the table as a chart.",
        "Chart", ("runs", "run", "compare", "chart", "plot", "column", "monitor"), needs_metric,
        rank=68),
    make("metric-next", "n", "Metric", "Show the next metric.", "Chart",
        ("runs", "compare", "chart"), needs_choice, rank=42),
    make("metric-previous", "N", "Metric before", "Show the metric before.", "Chart",
        ("runs", "compare", "chart"), needs_choice),
    make("x-axis", "x", "x-axis", "Choose the x-axis: steps, time, any logged metric; its scale.",
        "Chart", _CHART, needs_metric, rank=44),
    make("y-axis", "X", "y-axis", "Choose what is drawn: values, best so far, differences.",
        "Chart", _CHART, needs_metric, rank=45),
    make("log-axis", "L", "Log", "Turn the y-axis linear, logarithmic, or symmetric logarithmic.",
        "Chart", _CHART, needs_metric, rank=46),
    make("at-step", "at", "At step", "Read all values at a place on the x-axis you type.", "Chart",
        ("chart", "compare"), needs_metric),
    make("curve-kind", "m", "Mean/raw",
        "Draw the exact mean of each column of cells, all raw values, or both.", "Chart", _CHART,
        needs_metric, rank=47),
    make("smooth-less", "less_than_sign", "Less smooth", "Smooth less.", "Chart", _CHART,
        needs_metric),
    make("smooth-more", "greater_than_sign", "Smoother", "Smooth more.", "Chart", _CHART,
        needs_metric, rank=48),
    make("zoom-in", "plus", "Zoom in", "Zoom into the x-axis, around the crosshair if any.",
        "Chart", _CHART, needs_metric),
    make("zoom-out", "minus", "Zoom out", "Zoom out of the x-axis.", "Chart", _CHART,
        needs_metric),
    make("zoom-reset", "0", "Reset", "Show the whole curve again.", "Chart", _CHART, needs_metric),
    make("pan-left", "left_square_bracket", "Pan left", "Move the window to the left.", "Chart",
        _CHART, needs_metric),
    make("pan-right", "right_square_bracket", "Pan right", "Move the window to the right.", "Chart",
        _CHART, needs_metric),
    make("crosshair", "i", "Crosshair", "Read values off at a step; ← → move it.", "Chart", _CHART,
        needs_metric, rank=49),
    make("clip", "C", "Clip", "Leave outliers out of the y-axis, or let them in.", "Chart", _CHART,
        needs_metric),
    # -------------------------------------------------------------- charts over many runs
    make("plot-x", "x", "x-axis", "Choose the param, metric or time that is across.", "Chart",
        _PLOT, rank=42),
    make("plot-y", "X", "y-axis", "Choose the param or metric that is up.", "Chart", _PLOT,
        rank=44),
    make("plot-log", "L", "Log", "Turn the logarithmic axis on or off.", "Chart", _PLOT, rank=46),
    make("plot-previous", "left h", "Left", "Go to the axis or the point before.", "Move", _PLOT,
        palette=False),
    make("plot-next", "right l", "Right", "Go to the next axis or point.", "Move", _PLOT,
        palette=False),
    make("brush-narrow", "plus", "Narrow", "Narrow the part of the axis that is let through.",
        "Chart", _PLOT, rank=47),
    make("brush-widen", "minus", "Widen", "Widen the part that is let through.", "Chart",
        _PLOT),
    make("brush-down", "left_square_bracket", "Brush down", "Move that part down.", "Chart", _PLOT),
    make("brush-up", "right_square_bracket", "Brush up", "Move that part up.", "Chart", _PLOT),
    make("brush-reset", "0", "Reset", "Let every run through again.", "Chart", _PLOT),
    make("brush-apply", "enter", "As filter", "Filter the runs by what is let through.", "Chart",
        _PLOT, palette=False),
    # -------------------------------------------------------------- choosing columns
    make("column-show", "space", "Show", "Show or hide the column.", "Columns", _COLUMNS, rank=10,
        palette=False),
    make("column-pin", "p", "Pin", "Keep the column at the left while the others scroll.",
        "Columns", _COLUMNS, rank=20, palette=False),
    make("column-up", "K", "Earlier", "Move the column to the left.", "Columns", _COLUMNS, rank=30,
        palette=False),
    make("column-down", "J", "Later", "Move the column to the right.", "Columns", _COLUMNS,
        rank=31, palette=False),
    make("column-part", "v", "Which value", "Show last, best, min, max, or the step of the best.",
        "Columns", _COLUMNS, rank=40, palette=False),
    # -------------------------------------------------------------- typing a filter
    make("apply", "enter", "Apply", "Show what matches and go back to the table.", "Look", _TYPING,
        rank=10, palette=False),
    make("complete", "tab", "Complete", "Put the chosen name or value in.", "Look", _TYPING,
        rank=20, palette=False),
    make("completion-next", "down", "Next", "Choose the next completion.", "Look", _TYPING,
        rank=30, palette=False),
    make("completion-previous", "up", "Previous", "Choose the completion before.", "Look", _TYPING,
        palette=False),
    make("leave", "escape", "Clear", "Take the filter off and close the line.", "Look", _TYPING,
        rank=40, palette=False),
)  # fmt: skip

BY_ID: dict[str, Key] = {key.id: key for key in KEYS}


def keys_for(*scopes: Scope) -> tuple[Key, ...]:
    """Return the keys of some scopes; the first scope wins where two want one key."""
    chosen: dict[str, Key] = {}
    taken: set[str] = set()
    for scope in scopes:
        for key in _of(scope):
            free = tuple(k for k in key.keys if k not in taken)
            if key.id not in chosen and (free or not key.keys):
                chosen[key.id] = key
                taken.update(key.keys)
    return tuple(chosen.values())


def _of(scope: Scope) -> Iterable[Key]:
    return (key for key in KEYS if scope in key.scopes)


def for_footer(keys: Iterable[Key]) -> tuple[Key, ...]:
    """Return the keys that belong in a footer, the most important first."""
    return tuple(sorted((key for key in keys if key.rank), key=lambda key: key.rank))


def grouped(*scopes: Scope) -> tuple[tuple[str, tuple[Key, ...]], ...]:
    """Return the keys of some scopes under a heading each, moving about last in each."""
    seen: set[str] = set()
    parts = []
    for scope in scopes:
        keys = [key for key in _of(scope) if key.keys and key.id not in seen]
        seen.update(key.id for key in keys)
        keys.sort(key=lambda key: key.group == "Move")
        if keys:
            parts.append((TITLES[scope], tuple(keys)))
    return tuple(parts)
