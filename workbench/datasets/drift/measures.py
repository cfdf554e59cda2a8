"""What measures are called where people read them; files and programs have their codes."""

from typing import Final

NAMES: Final = {
    "ks": "KS D",
    "wasserstein": "Wasserstein distance",
    "psi": "PSI",
    "tvd": "total variation",
    "jensen_shannon": "Jensen-Shannon",
    "hellinger": "Hellinger",
    "cramers_v": "Cramér's V",
    "anderson_darling": "Anderson-Darling",
    "cramer_von_mises": "Cramér-von Mises",
}


def measure_name(code: str) -> str:
    """Return the name of a measure; of one nobody knows here, its code in words."""
    return NAMES.get(code, code.replace("_", " "))
