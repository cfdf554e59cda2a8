"""Long texts as lines that fit: nothing is dropped, nothing steers the terminal."""

from workbench.tui.cells import visible, width_of

_LONGEST_LINE = 4_000


def folded(text: str, width: int) -> list[str]:
    """Return a text as lines of at most ``width`` cells, made safe; none is dropped."""
    lines = []
    for line in text.split("\n"):
        rest = visible(line[:_LONGEST_LINE])
        while width_of(rest) > width > 0:
            head = _head(rest, width)
            lines.append(head)
            rest = rest[len(head) :]
        lines.append(rest)
    return lines


def _head(text: str, width: int) -> str:
    """Return as much as fits, to the last blank if that is not far back."""
    end = min(len(text), width)
    while end > 1 and width_of(text[:end]) > width:
        end -= 1
    blank = text.rfind(" ", end // 2, end)
    return text[: blank + 1] if blank > 0 else text[:end]


def ending(path: str, width: int) -> str:
    """Return the end of a path, where the file's own name is."""
    return path if len(path) <= width else f"…{path[1 - width :]}"
