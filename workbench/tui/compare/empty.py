"""What the compare screen says when there is nothing to compare."""

from workbench.tui.compare.state import Loaded
from workbench.tui.widgets.empty import Empty


def empty_for(loaded: Loaded) -> Empty | None:
    """Return what to do where fewer than two runs are chosen, or None where there are two."""
    if loaded.shown is not None and loaded.shown.lines:
        return None
    if loaded.shown is not None:
        typed = loaded.shown.choices.typed
        return Empty(
            f"Nothing here is called {typed}" if typed else "These runs hold nothing to compare",
            "No param, metric, tag or package has these letters in its name." if typed else "",
            key="Esc" if typed else "1",
            key_words="shows everything again" if typed else "goes to the runs",
        )
    marked = len(loaded.wanted.marked)
    what = "One run is marked" if marked == 1 else "No runs are marked"
    return Empty(
        "Too few of the marked runs are left" if loaded.said else what,
        "Mark two or more runs on the Runs screen with Space, then press 2.",
        loaded.said,
        key="1",
        key_words="goes to the runs",
    )
