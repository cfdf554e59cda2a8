"""Names of versions as people write them: ``churn@3``, ``churn@production``, ``models:/churn/3``."""

from typing import NamedTuple


class Ref(NamedTuple):
    """A model, perhaps with one of its versions or one of its stages."""

    model: str
    version: int | None = None
    stage: str | None = None

    def __str__(self) -> str:
        """Return the short form."""
        of = self.stage if self.version is None else self.version
        return self.model if of is None else f"{self.model}@{of}"
