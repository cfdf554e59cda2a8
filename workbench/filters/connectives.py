"""AND, OR, NOT and brackets: what the grammars of all languages read and build alike.

Importing this loads the parser library, so only grammars do.
"""

from typing import Generic, TypeVar, cast

from lark import Token, Transformer, v_args

from workbench.filters.tree import Not, conjunction, disjunction

N = TypeVar("N")


@v_args(inline=True)
class Connectives(Transformer[Token, N], Generic[N]):
    """Turns the rules that join conditions into nodes; a grammar adds the conditions."""

    def start(self, node: N) -> N:
        """Return the whole."""
        return node

    def disjunction(self, *parts: N) -> N:
        """Return what holds where any part does."""
        return disjunction(parts)

    def conjunction(self, *parts: N) -> N:
        """Return what holds where all parts do."""
        return conjunction(parts)

    def negation(self, part: N) -> N:
        """Return what holds where the part does not."""
        return cast("N", Not(part))

    def group(self, node: N) -> N:
        """Return what stands in brackets."""
        return node
