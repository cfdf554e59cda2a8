"""Every key of the workbench, once.

A key binding is a value: its id (for people's own key maps), keys, words for the
footer, a sentence for the help, where it holds, and why it is not possible now.
Bindings, footer, help, palette and the manual's table are made from `KEYS`;
nobody writes a key down anywhere else.
"""

from collections.abc import Iterable

from workbench.tui.key import (
    TITLES,
    Context,
    Group,
    Key,
    Scope,
    Why,
    always,
    needs_choice,
    needs_dataset,
    needs_dataset_to_change,
    needs_diff,
    needs_held,
    needs_metric,
    needs_model,
    needs_place,
    needs_registry,
    needs_row,
    needs_rows,
    needs_second_column,
    needs_sensitive,
    needs_two,
    needs_undo,
    needs_value,
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
_DATASET: tuple[Scope, ...] = ("data", "dataset")
_DATA: tuple[Scope, ...] = ("data", "dataset", "column")
_COLUMN: tuple[Scope, ...] = ("column",)
_ROWS: tuple[Scope, ...] = ("rows",)
_RECORD: tuple[Scope, ...] = ("record",)
_COLUMNS: tuple[Scope, ...] = ("columns",)
_TYPING: tuple[Scope, ...] = ("typing",)
_SCROLLED: tuple[Scope, ...] = ("table", "text")
_SIDEWAYS: tuple[Scope, ...] = ("table", "text", "chart")


def _key(
    id_: str,
    keys: str,
    words: str,
    sentence: str,
    group: Group,
    scopes: tuple[Scope, ...],
    why_not: Why = always,
    *,
    rank: int = 0,
    palette: bool = True,
) -> Key:
    return Key(id_, tuple(keys.split()), words, sentence, group, scopes, why_not, rank, palette)


KEYS: tuple[Key, ...] = (
    # -------------------------------------------------------------- everywhere
    _key("screen-runs", "1", "Runs", "Go to all runs.", "Go", _ALL),
    _key("screen-compare", "2", "Compare", "Put the marked runs side by side.", "Go", _ALL),
    _key("screen-data", "3", "Data", "Go to the datasets, their versions and columns.", "Go", _ALL),
    _key("screen-models", "5", "Models", "Go to the models, their versions and stages.", "Go",
         _ALL),
    _key("screen-activity", "6", "Activity", "Go to jobs, requests, faults and the journal.", "Go",
         _ALL),
    _key("filter", "slash", "Filter", "Filter the focused pane; Esc clears.", "Look", _ALL,
         rank=30),
    _key("palette", "ctrl+p colon", "Palette", "Find a screen, an action or a run by name.", "Go",
         _ALL, rank=90, palette=False),
    _key("help", "question_mark f1", "Help", "Show the keys of this screen.", "Program", _ALL,
         rank=2),
    _key("back", "escape", "Back", "Go back, close, or take the filter off; never quits.", "Go",
         _ALL, palette=False),
    _key("next-pane", "tab", "Next pane", "Move to the next pane.", "Go", _ALL, palette=False),
    _key("previous-pane", "shift+tab", "Pane before", "Move to the pane before.", "Go", _ALL,
         palette=False),
    _key("zoom", "z", "Zoom", "Give the focused pane the whole screen, or give it back.", "Look",
         _ALL, rank=70),
    _key("export", "e", "Export", "Write what is on the screen to a file.", "Look", _ALL, rank=80),
    _key("undo", "u", "Undo", "Take back your last edit.", "Change", _ALL, needs_undo, rank=85),
    _key("look-now", "r", "Look now", "Look for changes in the folder now.", "Look", _ALL),
    _key("copy", "y", "Copy", "Copy the cell, or the id of what is in focus.", "Look", _ALL),
    _key("copy-row", "Y", "Copy row", "Copy the row with its column names.", "Look", _ALL),
    _key("theme", "", "Theme", "Choose the colours.", "Program", _ALL),
    _key("quit", "q", "Quit", "Leave the workbench; asks if a job runs.", "Program", _ALL, rank=95),
    # -------------------------------------------------------------- moving
    _key("up", "up k", "Up", "Move up one line.", "Move", _SCROLLED, palette=False),
    _key("down", "down j", "Down", "Move down one line.", "Move", _SCROLLED, palette=False),
    _key("left", "left h", "Column left", "Move one column to the left.", "Move", _SIDEWAYS,
         palette=False),
    _key("right", "right l", "Column right", "Move one column to the right.", "Move", _SIDEWAYS,
         palette=False),
    _key("page-up", "pageup ctrl+u", "Page up", "Move up one page.", "Move", _SCROLLED,
         palette=False),
    _key("page-down", "pagedown ctrl+d", "Page down", "Move down one page.", "Move", _SCROLLED,
         palette=False),
    _key("top", "g home", "First", "Move to the first line.", "Move", _SCROLLED, palette=False),
    _key("bottom", "G end", "Last", "Move to the last line.", "Move", _SCROLLED, palette=False),
    _key("open", "enter", "Open", "Open the row under the cursor.", "Go", _TABLE, needs_row,
         rank=10, palette=False),
    _key("mark", "space", "Mark", "Mark the row for comparing and overlaying, or unmark it.",
         "Compare", _TABLE, needs_row, rank=20),
    _key("sort", "s", "Sort", "Sort by this column, then by the earlier ones; again: by it alone.",
         "Look", _TABLE, needs_rows, rank=40),
    _key("sort-reverse", "S", "Reverse", "Turn the order of the column under the cursor.", "Look",
         _TABLE, needs_rows),
    _key("narrower", "less_than_sign", "Narrower", "Make the column under the cursor narrower.",
         "Columns", _TABLE),
    _key("wider", "greater_than_sign", "Wider", "Make the column under the cursor wider.",
         "Columns", _TABLE),
    # -------------------------------------------------------------- runs
    _key("columns", "c", "Columns", "Choose, order, pin and hide columns.", "Columns", _RUNS,
         rank=50),
    _key("chart-columns", "c", "Grid", "Change how many charts stand side by side.", "Chart",
         ("run", "compare", "chart"), needs_metric, rank=50),
    _key("chart-rows", "", "Grid rows", "Change how many charts stand above each other.", "Chart",
         _CHART, needs_metric),
    _key("group", "o", "Group", "Group runs by experiment, parent, group or a param.", "Look",
         ("runs", "compare"), rank=62),
    _key("why", "w", "Why", "Say why one of two marked runs is better than the other.", "Compare",
         ("runs", "compare"), needs_two, rank=46),
    _key("collapse-seeds", "", "Collapse seeds", "Show runs equal in all but the seed as one row.",
         "Look", _RUNS),
    _key("baseline", "b", "Baseline", "Compare against this run, or stop comparing.", "Compare",
         ("runs", "run", "compare"), needs_row, rank=45),
    _key("edit", "E", "Edit", "Change name, tags or note of this run or of all marked.", "Change",
         _BOTH, needs_writing, rank=55),
    _key("rename", "", "Rename", "Change the name of the run.", "Change", _BOTH, needs_writing),
    _key("tag", "", "Tag", "Change the tags of the run or of all marked.", "Change", _BOTH,
         needs_writing),
    _key("note", "", "Note", "Write a note on the run.", "Change", _BOTH, needs_writing),
    _key("declare-killed", "", "Declare killed", "Say that a stale run is dead.", "Change", _BOTH,
         needs_writing),
    _key("views", "V", "Views", "Open, save or remove a saved view.", "Look",
         ("runs", "compare"), rank=60),
    _key("archive", "D", "Archive", "Put the run or all marked away, or bring them back.", "Change",
         _BOTH, needs_writing, rank=75),
    _key("show-archived", "", "Show archived", "Show what is archived alone, or the others again.",
         "Look", ("runs", "data")),
    _key("clear-marks", "", "Clear marks", "Unmark all rows.", "Compare", ("runs", "compare")),
    _key("follow", "f", "New rows", "Jump to new rows and follow them.", "Look",
         ("runs", "activity"), rank=65),
    _key("diff", "d", "Diff", "Show the uncommitted changes the run was started with.", "Look",
         ("run",), needs_diff, rank=60),
    _key("copy-path", "", "Copy path", "Copy the path of the run's folder.", "Look", _BOTH,
         needs_row),
    # -------------------------------------------------------------- comparing
    _key("plot-kind", "K", "Kind", "Choose the kind of chart: curves, scatter, parallel and more.",
         "Chart", _COMPARE, rank=32),
    _key("equal", "equals_sign", "Equal rows", "Show the equal rows too, or the differences alone.",
         "Compare", _COMPARE, rank=34),
    _key("next-difference", "right_curly_bracket", "Next difference",
         "Go to the next row that differs.", "Compare", _COMPARE, rank=36),
    _key("previous-difference", "left_curly_bracket", "One before",
         "Go to the row before that differs.", "Compare", _COMPARE),
    _key("open-run", "enter", "Open run", "Open the run of the column under the cursor.", "Go",
         _COMPARE, needs_row, rank=10, palette=False),
    _key("take-out", "space", "Take out", "Unmark the run of the column under the cursor.",
         "Compare", _COMPARE, needs_row, rank=20),
    _key("order-runs", "s", "Order runs",
         "Order the runs by this row, the best first; again: as they were marked.", "Look",
         _COMPARE, needs_row, rank=40),
    _key("order-reverse", "S", "Reverse", "Order the runs by this row the other way round.", "Look",
         _COMPARE, needs_row),
    _key("code-diff", "d", "Code diff",
         "Show how the code of this run differs from the baseline's, or the first run's.", "Look",
         ("compare", "why"), rank=48),
    # -------------------------------------------------------------- models
    _key("roll-back", "R", "Roll back", "Give the stage under the cursor back to a former version.",
         "Stage", _MODELS, needs_held, rank=12),
    _key("promote", "p", "Promote", "Put a version in a stage; shows first what holds and fails.",
         "Stage", _MODELS, needs_version, rank=13),
    _key("freeze", "F", "Freeze", "Freeze the stage under the cursor for a while, or thaw it.",
         "Stage", _MODELS, needs_registry, rank=50),
    _key("gate", "exclamation_mark", "Check", "Look now which checks would hold; promotes nothing.",
         "Stage", _MODELS, needs_version, rank=32),
    _key("approve", "A", "Approve", "Approve a request, or tick an item of its checklist.",
         "Stage", ("models", "model", "activity"), needs_place, rank=34),
    _key("register", "a", "Register", "Register a version of a model, from a run or from files.",
         "Change", ("models", "model", "runs", "run"), needs_place, rank=57),
    _key("describe", "E", "Describe", "Change the description or the tags of the version.",
         "Change", _MODEL, needs_version_to_change, rank=55),
    _key("retire", "D", "Retire", "Retire the version or bring it back; withdraw a request.",
         "Change", _MODEL, needs_version_to_change, rank=60),
    _key("champion", "b", "Champion", "Choose the stage whose version the others are compared to.",
         "Compare", _MODEL, needs_model, rank=40),
    _key("version-diff", "d", "Diff", "Compare two marked versions, or this one and the champion.",
         "Compare", _MODEL, needs_versions, rank=30),
    _key("lineage", "T", "Lineage", "Show what the version was made of, and where it went.",
         "Look", _MODEL, needs_version_here, rank=45),
    _key("history", "H", "History", "Show who did what, when and why; and how it was at a date.",
         "Look", _MODELS, rank=36),
    _key("open-source-run", "enter", "Open run", "Open the run that the version came from.", "Go",
         _MODEL, needs_model, rank=11, palette=False),
    _key("at-date", "at", "At a date", "Show what held each stage at a date you type.", "Look",
         _HISTORY, rank=12),
    _key("all-models", "H", "All models", "Show the history of all models, or of one again.",
         "Look", _HISTORY, rank=14),
    # -------------------------------------------------------------- datasets
    _key("data-rows", "v", "Rows", "Show the rows; sort and filter them, go to one.", "Look", _DATA,
         needs_dataset, rank=12),
    _key("data-lineage", "T", "Lineage", "Show where it came from and what is touched if it must go.",
         "Look", _DATASET, needs_dataset, rank=45),
    _key("check-rules", "exclamation_mark", "Check", "Look now which rules of the dataset hold.",
         "Look", _DATASET, needs_dataset, rank=32),
    _key("add-data", "a", "Add", "Register a file, folder or pattern as a version of a dataset.",
         "Change", _DATASET, needs_place, rank=50),
    _key("edit-fields", "E", "Edit", "Change owner, purposes, retention, sensitive columns, roles.",
         "Change", _DATA, needs_dataset_to_change, rank=55),
    _key("put-away", "D", "Put away", "Archive the dataset or bring it back; delete a version.",
         "Change", _DATASET, needs_dataset_to_change, rank=60),
    _key("show-hidden", "", "Show hidden", "Show values of sensitive columns here, or hide them.",
         "Look", ("dataset", "column"), needs_dataset),
    _key("column-next", "n", "Next column", "Show the next column.", "Go", _COLUMN,
         needs_second_column, rank=14),
    _key("column-previous", "N", "Column before", "Show the column before.", "Go", _COLUMN,
         needs_second_column, rank=16),
    _key("column-log", "L", "Log", "Turn the logarithmic axis of counts on or off.", "Chart",
         _COLUMN, rank=46),
    _key("column-clip", "C", "Clip", "Leave the outermost hundredths out, or let them in.", "Chart",
         _COLUMN, rank=47),
    # -------------------------------------------------------------- rows of data
    _key("only", "o", "Only", "Show only repeated rows, or only rows with nulls.", "Look", _ROWS,
         rank=42),
    _key("go-to-row", "at", "Go to row", "Go to a row by its number in the file.", "Go", _ROWS,
         needs_rows, rank=44),
    _key("same-value", "equals_sign", "Same value",
         "Keep only the rows that have the value under the cursor.", "Look", _ROWS, needs_value,
         rank=46),
    _key("show-columns", "c", "Columns", "Choose the columns by their names or parts of them.",
         "Columns", _ROWS, rank=50),
    _key("unmask", "M", "Unmask", "Show the values of sensitive columns, or mask them again.",
         "Look", _ROWS, needs_sensitive, rank=52),
    _key("next-row", "n", "Next row", "Show the row below.", "Go", _RECORD, needs_rows, rank=10),
    _key("previous-row", "N", "Row before", "Show the row above.", "Go", _RECORD, needs_rows,
         rank=12),
    # -------------------------------------------------------------- activity
    _key("cancel-job", "D", "Cancel job",
         "Cancel the job under the cursor, or withdraw the request.", "Change",
         ("activity",), needs_row, rank=50),
    # -------------------------------------------------------------- charts
    _key("chart-table", "t", "As table", "Show the chart as a table, or the table as a chart.",
         "Chart", ("runs", "run", "compare", "chart", "plot", "column"), needs_metric, rank=68),
    _key("metric-next", "n", "Metric", "Show the next metric.", "Chart",
         ("runs", "compare", "chart"), needs_choice, rank=42),
    _key("metric-previous", "N", "Metric before", "Show the metric before.", "Chart",
         ("runs", "compare", "chart"), needs_choice),
    _key("x-axis", "x", "x-axis", "Choose the x-axis: steps, time, any logged metric; its scale.",
         "Chart", _CHART, needs_metric, rank=44),
    _key("y-axis", "X", "y-axis", "Choose what is drawn: values, best so far, differences.",
         "Chart", _CHART, needs_metric, rank=45),
    _key("log-axis", "L", "Log", "Turn the y-axis linear, logarithmic, or symmetric logarithmic.",
         "Chart", _CHART, needs_metric, rank=46),
    _key("at-step", "at", "At step", "Read all values at a place on the x-axis you type.", "Chart",
         ("chart", "compare"), needs_metric),
    _key("curve-kind", "m", "Mean/raw",
         "Draw the exact mean of each column of cells, all raw values, or both.", "Chart", _CHART,
         needs_metric, rank=47),
    _key("smooth-less", "less_than_sign", "Less smooth", "Smooth less.", "Chart", _CHART,
         needs_metric),
    _key("smooth-more", "greater_than_sign", "Smoother", "Smooth more.", "Chart", _CHART,
         needs_metric, rank=48),
    _key("zoom-in", "plus", "Zoom in", "Zoom into the x-axis, around the crosshair if any.",
         "Chart", _CHART, needs_metric),
    _key("zoom-out", "minus", "Zoom out", "Zoom out of the x-axis.", "Chart", _CHART,
         needs_metric),
    _key("zoom-reset", "0", "Reset", "Show the whole curve again.", "Chart", _CHART, needs_metric),
    _key("pan-left", "left_square_bracket", "Pan left", "Move the window to the left.", "Chart",
         _CHART, needs_metric),
    _key("pan-right", "right_square_bracket", "Pan right", "Move the window to the right.", "Chart",
         _CHART, needs_metric),
    _key("crosshair", "i", "Crosshair", "Read values off at a step; ← → move it.", "Chart", _CHART,
         needs_metric, rank=49),
    _key("clip", "C", "Clip", "Leave outliers out of the y-axis, or let them in.", "Chart", _CHART,
         needs_metric),
    # -------------------------------------------------------------- charts over many runs
    _key("plot-x", "x", "x-axis", "Choose the param, metric or time that is across.", "Chart",
         _PLOT, rank=42),
    _key("plot-y", "X", "y-axis", "Choose the param or metric that is up.", "Chart", _PLOT,
         rank=44),
    _key("plot-log", "L", "Log", "Turn the logarithmic axis on or off.", "Chart", _PLOT, rank=46),
    _key("plot-previous", "left h", "Left", "Go to the axis or the point before.", "Move", _PLOT,
         palette=False),
    _key("plot-next", "right l", "Right", "Go to the next axis or point.", "Move", _PLOT,
         palette=False),
    _key("brush-narrow", "plus", "Narrow", "Narrow the part of the axis that is let through.",
         "Chart", _PLOT, rank=47),
    _key("brush-widen", "minus", "Widen", "Widen the part that is let through.", "Chart",
         _PLOT),
    _key("brush-down", "left_square_bracket", "Brush down", "Move that part down.", "Chart", _PLOT),
    _key("brush-up", "right_square_bracket", "Brush up", "Move that part up.", "Chart", _PLOT),
    _key("brush-reset", "0", "Reset", "Let every run through again.", "Chart", _PLOT),
    _key("brush-apply", "enter", "As filter", "Filter the runs by what is let through.", "Chart",
         _PLOT, palette=False),
    # -------------------------------------------------------------- choosing columns
    _key("column-show", "space", "Show", "Show or hide the column.", "Columns", _COLUMNS, rank=10,
         palette=False),
    _key("column-pin", "p", "Pin", "Keep the column at the left while the others scroll.",
         "Columns", _COLUMNS, rank=20, palette=False),
    _key("column-up", "K", "Earlier", "Move the column to the left.", "Columns", _COLUMNS, rank=30,
         palette=False),
    _key("column-down", "J", "Later", "Move the column to the right.", "Columns", _COLUMNS,
         rank=31, palette=False),
    _key("column-part", "v", "Which value", "Show last, best, min, max, or the step of the best.",
         "Columns", _COLUMNS, rank=40, palette=False),
    # -------------------------------------------------------------- typing a filter
    _key("apply", "enter", "Apply", "Show what matches and go back to the table.", "Look", _TYPING,
         rank=10, palette=False),
    _key("complete", "tab", "Complete", "Put the chosen name or value in.", "Look", _TYPING,
         rank=20, palette=False),
    _key("completion-next", "down", "Next", "Choose the next completion.", "Look", _TYPING,
         rank=30, palette=False),
    _key("completion-previous", "up", "Previous", "Choose the completion before.", "Look", _TYPING,
         palette=False),
    _key("leave", "escape", "Clear", "Take the filter off and close the line.", "Look", _TYPING,
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
