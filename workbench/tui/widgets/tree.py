"""Params and other nested values as a tree to open and close."""

from collections.abc import Mapping
from typing import Any

from rich.text import Text
from textual.reactive import reactive
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from workbench.tui.cells import visible
from workbench.tui.inks import Inks, inks_of
from workbench.words import value as shown_value

Nested = Mapping[str, Any]


class ValueTree(Tree[str]):
    """Show a nested mapping; a leaf's data is its text, for copying."""

    DEFAULT_CSS = """
    ValueTree { background: transparent; height: 1fr; padding: 0; overflow-x: hidden;
                scrollbar-size-vertical: 1; }
    ValueTree:focus { background-tint: transparent 0%; }
    """

    values: reactive[Nested] = reactive({}, init=False)

    def __init__(self, values: Nested | None = None, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__("", id=id)
        self.show_root = False
        self.guide_depth = 2
        self.set_reactive(ValueTree.values, values or {})

    def on_mount(self) -> None:
        """Grow the tree."""
        self._grow()

    def watch_values(self) -> None:
        """Grow it anew."""
        self._grow()

    def _grow(self) -> None:
        self.clear()
        self._branch(self.root, self.values, inks_of(self.app))
        self.root.expand()

    def _branch(self, node: TreeNode[str], values: Nested, inks: Inks) -> None:
        wide = max((len(name) for name, each in values.items() if not _inner(each)), default=0)
        for name, each in values.items():
            if _inner(each):
                label = Text(visible(name), inks.style("bold"))
                self._branch(node.add(label, data=name, expand=True), each, inks)
                continue
            text = shown_value(each)
            label = Text.assemble(
                (visible(name).ljust(min(wide, 28)), inks.style("dim")),
                "  ",
                (text, inks.style("plain")),
            )
            node.add_leaf(label, data=text)


def _inner(each: object) -> bool:
    return isinstance(each, Mapping) and bool(each)


def nested(flat: Mapping[str, Any], separator: str = ".") -> dict[str, Any]:
    """Return dotted names as a tree; a name that is both leaf and branch keeps its dots."""
    tree: dict[str, Any] = {}
    for name in sorted(flat):
        parts = name.split(separator)
        place = tree
        for part in parts[:-1]:
            inner = place.setdefault(part, {})
            if not isinstance(inner, dict):
                place, parts = tree, [name]
                break
            place = inner
        place[parts[-1]] = flat[name]
    return tree
