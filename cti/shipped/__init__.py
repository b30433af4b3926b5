"""The rules and templates that travel with the program."""

from pathlib import Path

HERE = Path(__file__).parent


def folder(name: str) -> Path:
    """The shipped folder `rules` or `templates`: inside an installed package, beside it in a checkout.

    Raises FileNotFoundError where neither exists, so an incomplete installation is noticed at once.
    """
    for place in (HERE / name, HERE.parent.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"cti was installed without its {name} folder")
