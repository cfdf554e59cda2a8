"""The program: ``workbench`` and ``python -m workbench``."""

import sys

from workbench.cli.main import run


def main() -> None:
    """Do what the command line says and end with its exit code."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
