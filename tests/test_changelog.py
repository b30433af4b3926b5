"""The changelog and the package agree on the version."""

import re
from importlib.metadata import version

import cti
from tests.project import ROOT

VERSIONS = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)


def test_the_newest_version_in_the_changelog_is_the_packages() -> None:
    assert VERSIONS[0] == cti.__version__


def test_the_installed_package_bears_that_version() -> None:
    assert version("cti") == cti.__version__, "run make again: what is installed is older than the checkout"


def test_versions_are_numbers_and_the_newest_stands_first() -> None:
    numbers = [tuple(int(part) for part in version.split(".")) for version in VERSIONS]
    assert all(len(number) == 3 for number in numbers)
    assert numbers == sorted(set(numbers), reverse=True)
