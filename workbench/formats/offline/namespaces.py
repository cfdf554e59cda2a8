"""What the paths of Neptune's attributes mean."""

_PARAMS = frozenset(["params", "parameters", "hyperparameters", "hparams", "config"])
"""Namespaces that say no more than that these are params."""
_OWN = frozenset(["sys", "source_code"])
"""What Neptune says of the run by itself."""


def param_name(path: str) -> str | None:
    """Return the name of the param at a path, with dots; None where Neptune wrote it itself."""
    first, _, rest = path.partition("/")
    if first in _OWN:
        return None
    return (rest if first in _PARAMS and rest else path).replace("/", ".")
