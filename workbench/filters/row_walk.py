"""Walk the tree of a filter over rows: its tests, and the columns it asks about."""

from collections.abc import Iterator

from workbench.filters.tree import (
    Absolute,
    And,
    Arithmetic,
    Compare,
    Field,
    In,
    IsNull,
    Like,
    Match,
    Not,
    Operand,
    Or,
    Relation,
    RowNode,
)


def fields_of(node: RowNode | Operand) -> Iterator[Field]:
    """Yield the columns that a tree asks about; free words name none."""
    match node:
        case Field():
            yield node
        case And(parts) | Or(parts):
            for part in parts:
                yield from fields_of(part)
        case Not(inner) | Absolute(inner):
            yield from fields_of(inner)
        case Relation(left, _, right) | Arithmetic(_, left, right):
            yield from fields_of(left)
            yield from fields_of(right)
        case Compare() | In() | Like() | Match() | IsNull():
            yield node.field


def leaves_of(node: RowNode) -> Iterator[RowNode]:
    """Yield the tests of a tree, one at a time."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves_of(part)
        case Not(inner):
            yield from leaves_of(inner)
        case _:
            yield node
