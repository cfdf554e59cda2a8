"""Lines of which the first stay where they are: the heads of a table that scrolls below them."""

from textual.strip import Strip

from workbench.tui.widgets.lines import Lines


class HeadedLines(Lines):
    """Show lines, the first ``heads`` of them in any case."""

    def __init__(self, heads: int, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._heads = heads

    def render_line(self, y: int) -> Strip:
        """Return a head, or what the window shows below the heads."""
        if y >= self._heads:
            return super().render_line(y)
        return super().render_line(y - self.scroll_offset.y)

    def bring(self, line: int) -> None:
        """Scroll so that a line stands in the middle of the window."""
        self.scroll_to(y=line - (self._heads + self.size.height) // 2, animate=False)
