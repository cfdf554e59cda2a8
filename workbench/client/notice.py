"""One sentence on stderr, for what must not stop a training.

Not ``warnings.warn``: under ``python -W error`` that would end the script this
sentence is about.
"""

import sys

_told: set[str] = set()


def tell(sentence: str) -> None:
    """Print a sentence for the person at the script; never fail."""
    try:
        print(f"workbench: {sentence}", file=sys.stderr, flush=True)  # noqa: T201 - the one voice a script hears
    except (OSError, ValueError, AttributeError):  # stderr closed, or none (pythonw)
        return


def tell_once(key: str, sentence: str) -> None:
    """Print a sentence the first time its key comes up in this process."""
    if key not in _told:
        _told.add(key)
        tell(sentence)
