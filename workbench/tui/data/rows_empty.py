"""What stands where no row is: why there is none, and what to press."""

from workbench.tui.data.rows_loader import Loaded
from workbench.tui.toast import error_text
from workbench.tui.widgets.empty import Empty


def empty_for(loaded: Loaded | None, error: Exception | None) -> Empty | None:
    """Return what to say in place of rows; None where there are some, or they are on their way."""
    if error is not None:
        return Empty("The rows cannot be shown.", error_text(error))
    if loaded is None or loaded.view.rows:
        return None
    look = loaded.wanted.look
    if look.filter:
        return Empty(
            "No row matches the filter.", f"/{look.filter}", key="Esc", key_words="takes it off"
        )
    if look.only == "duplicates":
        return Empty("No row repeats another.", key="Esc", key_words="shows all rows")
    if look.only:
        return Empty("No row has a null there.", key="Esc", key_words="shows all rows")
    return Empty("There are no rows.", "The columns are known, and the table is empty.")
