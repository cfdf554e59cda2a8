"""Who is the same person as whom, as far as names can tell.

Names are not proven (docs/checks.md), so everything that asks whether two are one asks here, and
is strict: whoever is to be somebody else must be so on every machine.
"""

from unicodedata import category, normalize


def called(name: str) -> str:
    """Return a name as settings and events spell it alike: Ana, ana and a full-width ana are one.

    Letters and their accents are put together, and signs that nobody sees are left out.
    """
    seen = "".join(sign for sign in normalize("NFKC", name) if category(sign) != "Cf")
    return " ".join(normalize("NFKC", seen.casefold()).split())


def person(name: str) -> str:
    """Return whom a name stands for: ``ana@gpu01``, ``ana@laptop`` and ``ana`` are one person."""
    whole = called(name)
    return whole.partition("@")[0].strip() or whole
