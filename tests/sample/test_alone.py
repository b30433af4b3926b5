"""The sample shares nothing with what it measures: it needs the standard library and itself."""

import sys

import pytest

from tests.project import imports, modules, within

SAMPLE = {name: source for name, source in modules("cti").items() if within(name, "cti.sample")}


@pytest.mark.parametrize("module", SAMPLE)
def test_it_imports_only_the_standard_library_and_itself(module: str) -> None:
    for line, name in imports(SAMPLE[module]):
        assert within(name, "cti.sample") or name.split(".")[0] in sys.stdlib_module_names, (
            f"line {line}: {name}"
        )
