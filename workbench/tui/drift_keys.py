"""The keys of the screens of drift; `workbench.tui.keys` puts them in their place."""

from typing import Final

from workbench.tui.key import (
    Context,
    Key,
    Scope,
    make,
)

_DRIFT: Final[tuple[Scope, ...]] = ("drift", "monitor")
_MONITOR: Final[tuple[Scope, ...]] = ("monitor",)
_STRIP: Final[tuple[Scope, ...]] = ("strip",)


def needs_watched(context: Context) -> str | None:
    """Object when no monitor is chosen."""
    return None if context.watched else "There is no monitor under the cursor."


def needs_watched_to_change(context: Context) -> str | None:
    """Object when no monitor is chosen, or nothing can be written of it."""
    return context.read_only or needs_watched(context)


def needs_alert(context: Context) -> str | None:
    """Object when nothing waits to be acknowledged."""
    return needs_watched_to_change(context) or (
        None if context.alerts else "No alert of this monitor waits for anybody."
    )


def needs_cell(context: Context) -> str | None:
    """Object when the cursor is on no column of a chunk."""
    return needs_watched(context) or (
        None if context.columns else "There is no column under the cursor."
    )


def needs_other_column(context: Context) -> str | None:
    """Object when there is no other column to go to."""
    return None if context.columns > 1 else "There is no other column to go to."


def needs_watched_model(context: Context) -> str | None:
    """Object when only data are watched."""
    return needs_watched(context) or (
        None if context.model else "No model is named in this monitor."
    )


def needs_chunks(context: Context) -> str | None:
    """Object when there is no other chunk to go to."""
    return None if context.chunks > 1 else "There is no other chunk."


def needs_segments(context: Context) -> str | None:
    """Object when nothing was checked by segments."""
    return None if context.segments > 1 else "It is not checked by segments."


DRIFT_KEYS: Final[tuple[Key, ...]] = (
    make("check-now", "exclamation_mark", "Check now",
        "Check now what came since; what was checked before is not checked again.", "Look",
        _DRIFT, needs_watched_to_change, rank=32),
    make("acknowledge", "A", "Acknowledge",
        "Say that you saw an alert, with a note; its light goes out for everybody.", "Change",
        _DRIFT, needs_alert, rank=34),
    make("mute-column", "M", "Mute",
        "Let a column not alert until a day you say, or let it alert again.", "Change", _DRIFT,
        needs_watched_to_change, rank=36),
    make("drift-rows", "v", "Rows", "Show the rows behind it, filtered to what drifted.", "Look",
        _DRIFT, needs_watched, rank=24),
    make("drift-diff", "d", "Diff", "Show what changed from the reference data to the current.",
        "Compare", _DRIFT, needs_watched, rank=28),
    make("drift-model", "T", "Model", "Go to the model whose training data are the reference.",
        "Go", _DRIFT, needs_watched_model, rank=44, shy=True),
    make("drift-reference", "b", "Reference",
        "Look at it against another reference; nothing of that is kept.", "Compare", _MONITOR,
        needs_watched, rank=30),
    make("chunk-next", "right_curly_bracket", "Next chunk", "Go to the next chunk.", "Go",
        _MONITOR, needs_chunks, rank=16),
    make("chunk-previous", "left_curly_bracket", "Chunk before", "Go to the chunk before.", "Go",
        _MONITOR, needs_chunks, rank=17),
    make("drift-next", "n", "Next column", "Go to the next column.", "Go", _MONITOR,
        needs_other_column),
    make("drift-previous", "N", "Column before", "Go to the column before.", "Go", _MONITOR,
        needs_other_column),
    make("drift-kind", "K", "Kind",
        "Draw it otherwise: distributions, cumulative, quantile shift, effect over time.", "Chart",
        _MONITOR, needs_cell, rank=20),
    make("segment", "o", "Segment", "Show the chunks of a segment, or of all rows again.", "Look",
        _MONITOR, needs_segments, rank=38, shy=True),
    make("order-columns", "s", "Order",
        "Order the columns by importance times effect, by effect in this chunk, or by name.",
        "Look", _MONITOR, needs_cell, rank=40),
    make("earlier-reports", "H", "Reports", "Open an earlier report of this monitor.", "Look",
        _MONITOR, needs_watched, rank=46),
    # -------------------------------------------------------------- the heat strip
    make("mark-column", "space", "Mark",
        "Keep the column at the top and in the plot of effects, or no more.", "Compare", _STRIP,
        needs_cell, rank=22),
    make("first-chunk", "left_parenthesis", "First chunk", "Go to the first chunk.", "Move",
        _STRIP, palette=False),
    make("last-chunk", "right_parenthesis", "Last chunk", "Go to the last chunk.", "Move",
        _STRIP, palette=False),
    make("strip-wider", "plus", "Wider chunks", "Give each chunk more room.", "Chart", _STRIP),
    make("strip-narrower", "minus", "More chunks",
        "Show more chunks, several in one cell where there are very many.", "Chart", _STRIP),
    make("strip-whole", "0", "Reset", "Show as many chunks as have a cell each.", "Chart", _STRIP),
    make("open-cell", "enter", "Plot", "Go to the plot of the column under the cursor.", "Go",
        _STRIP, needs_cell, rank=10, palette=False),
)  # fmt: skip
