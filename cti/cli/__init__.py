"""The command line. `main` is what the command `cti` runs."""

from cti.cli.main import main

__all__ = ["main"]
