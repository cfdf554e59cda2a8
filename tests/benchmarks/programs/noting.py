"""Which modules a program had loaded at its first paint."""

import sys
from pathlib import Path


def note_modules(path: str) -> None:
    """Write the top-level modules that are not of the standard library."""
    import json

    names = {name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names
    own = sorted(name for name in names if not name.startswith("_") and _is_package(name))
    Path(path).write_text(json.dumps(own), "utf-8")


def _is_package(name: str) -> bool:
    """Tell a module somebody installed from one made up while the program runs."""
    return getattr(sys.modules.get(name), "__spec__", None) is not None
