"""Which way a metric is good: settings say it, else scripts, else its name lets one guess."""

from collections.abc import Mapping

from workbench.catalogue import ingest
from workbench.catalogue.connection import Catalogue
from workbench.runs.recipe import guessed_goal


def settle_goals(catalogue: Catalogue, settings: Mapping[str, str]) -> None:
    """Store every metric's direction and who said so."""
    goals = {
        name: (goal, "guessed")
        for name in ingest.metric_names(catalogue)
        if (goal := guessed_goal(name))
    }
    goals.update((name, (goal, "script")) for name, goal in ingest.said_goals(catalogue).items())
    goals.update((name, (goal, "settings")) for name, goal in settings.items())
    ingest.set_goals(catalogue, goals)
