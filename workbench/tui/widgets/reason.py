"""A line for a reason, left in the moment Enter is pressed on it.

A message about Enter would come to the screen after keys that were typed in one go with it:
Enter, Tab, Enter would end on the wrong button.
"""

from collections.abc import Callable

from textual.widgets import Input


class ReasonLine(Input):
    """A line that says at once where the keys after Enter go."""

    def __init__(
        self,
        value: str,
        go_on: Callable[[Input], object],
        *,
        id_: str,
        hint: str,
        classes: str = "",
        proposed: bool = False,
    ) -> None:
        """Show what was written.

        Args:
            value: As it was written before.
            go_on: Moves the focus; it is given this line.
            id_: Its name on the screen.
            hint: What belongs here, shown while it is empty.
            classes: Its style classes.
            proposed: Nobody wrote it yet: typing puts something else in its place.
        """
        super().__init__(
            value, placeholder=hint, id=id_, classes=classes, compact=True,
            select_on_focus=proposed,
        )  # fmt: skip
        self._go_on = go_on

    async def action_submit(self) -> None:
        """Go on, before the next key is looked at."""
        self._go_on(self)
