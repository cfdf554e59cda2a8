"""Registered models, their versions, and what waits for somebody, from the catalogue."""

from workbench.catalogue.registered import (
    FreezeLine,
    ModelLine,
    RequestLine,
    StageLine,
    VersionDataset,
    VersionLine,
)

__all__ = ["FreezeLine", "ModelLine", "RequestLine", "StageLine", "VersionDataset", "VersionLine"]
