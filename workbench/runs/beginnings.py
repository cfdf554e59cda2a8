"""Where texts that begin alike begin to differ: what tells them apart must not be cut off."""

from collections.abc import Sequence
from os.path import commonprefix


def telling_from(texts: Sequence[str], breaks: str) -> int:
    """Return from which character on texts are to be shown so that a whole word begins there.

    All before is the same in all of them. It is 0 where they have no word in common.

    Args:
        texts: Any texts; none are alike from 0 on.
        breaks: Signs that end a word; empty if a text may begin anywhere.
    """
    shared = len(commonprefix(texts))  # noqa: RUF071 - of any text, not of paths alone
    if not breaks:
        return shared
    return 1 + max((texts[0].rfind(sign, 0, shared) for sign in breaks), default=-1) if texts else 0
