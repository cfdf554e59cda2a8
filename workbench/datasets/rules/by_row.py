"""Rules that every row answers on its own: its value is there, in range, known, well-formed."""

from typing import TYPE_CHECKING, Literal

from workbench.datasets.rules.observing import Observer
from workbench.datasets.rules.rule import MOST_EXAMPLES, Example, Rule, RuleResult
from workbench.datasets.rules.watching import Context, example, needed, told, where_of
from workbench.datasets.rules.wording import words
from workbench.words import plural

if TYPE_CHECKING:
    import polars as pl

OfNulls = Literal["undecided", "pass", "fail"]


class ByRow:
    """Counts the rows that are against a rule and keeps the first of them."""

    def __init__(
        self,
        rule: Rule,
        truth: "pl.Expr",
        columns: tuple[str, ...],
        context: Context,
        *,
        nulls: OfNulls = "pass",
        observer: Observer | None = None,
    ) -> None:
        self._rule = rule
        self._truth = truth
        self._columns = columns
        self._context = context
        self._nulls = nulls
        self._observer = observer
        self._where = where_of(rule, context)
        self._seen = self._matched = self._bad = self._unknown = 0
        self._examples: list[Example] = []

    @property
    def needs(self) -> tuple[str, ...]:
        """Return the columns it judges by, and those that name a row."""
        return needed((*self._columns, *self._context.key), self._where)

    def see(self, rows: "pl.DataFrame", at: int) -> None:
        """Judge the rows of a part."""
        truth, matched = self._judged(rows)
        self._seen += rows.height
        self._matched += rows.height if matched is None else int(matched.sum())
        self._unknown += truth.null_count()
        bad = (~truth).fill_null(False)
        self._bad += int(bad.sum())
        if self._observer is not None:
            values = rows[self._columns[0]]
            self._observer.see(
                values if matched is None else values.filter(matched), lambda: values.filter(bad)
            )
        if len(self._examples) < MOST_EXAMPLES and bad.any():
            self._note(rows, bad, at)

    def _judged(self, rows: "pl.DataFrame") -> "tuple[pl.Series, pl.Series | None]":
        """Return the truth of every row, true where the rule does not look, and where it looks."""
        import polars as pl

        truth = self._truth.fill_null(False) if self._nulls == "fail" else self._truth
        if self._where is None:
            return rows.select(truth.alias("truth"))["truth"], None
        matched = self._where.alias("where")
        scoped = pl.when(self._where).then(truth).otherwise(True).alias("truth")
        found = rows.select(scoped, matched)
        return found["truth"], found["where"]

    def _note(self, rows: "pl.DataFrame", bad: "pl.Series", at: int) -> None:
        places = bad.arg_true().head(MOST_EXAMPLES - len(self._examples))
        for place, row in zip(places, rows[places].iter_rows(named=True), strict=True):
            self._examples.append(example(self._context, self._columns, row, at + place + 1))

    def result(self) -> RuleResult:
        """Return what came of it; what is missing is against nothing and for nothing."""
        looked_at = self._matched - self._unknown
        if self._bad > self._rule.allowed.least(looked_at):
            return self._result("fails", looked_at)
        if self._unknown and self._nulls == "undecided":
            many = plural(self._unknown, "row")
            return self._result("undecided", looked_at, f"A value is missing in {many}.")
        if not looked_at:
            return self._result("undecided", looked_at, self._nothing())
        return self._result("holds", looked_at)

    def broken(self, reason: str) -> RuleResult:
        """Return that it fails where enough is known for that, else that it cannot be told."""
        allowed = self._rule.allowed
        if not allowed.share and self._bad > allowed.rows:
            result = self.result()
            return RuleResult(
                result.rule, result.words, "fails", result.failed, result.rows, result.examples,
                f"at least: {reason}", left_out=result.left_out,
            )  # fmt: skip
        return told(self._rule, "error", reason)

    def _nothing(self) -> str:
        if not self._seen:
            return "The table has no rows."
        if not self._matched:
            return "No row matches its where."
        return "There is no value to look at: all are missing."

    def _result(
        self, state: Literal["holds", "fails", "undecided"], looked_at: int, reason: str = ""
    ) -> RuleResult:
        return RuleResult(
            self._rule, words(self._rule), state, self._bad, looked_at, tuple(self._examples),
            self._observed(), reason, self._unknown,
        )  # fmt: skip

    def _observed(self) -> str:
        if self._observer is None:
            return ""
        return self._observer.words(hidden=self._context.hides(self._rule))

    def close(self) -> None:
        """Let go of nothing: all was kept in memory."""
