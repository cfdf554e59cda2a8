"""Who did what when and why, and what was in a stage on a given day."""

from workbench.catalogue.history import CheckLine, HeldLine, HistoryLine

__all__ = ["CheckLine", "HeldLine", "HistoryLine"]
