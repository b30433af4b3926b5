"""Whether team leads are told the counts of a month is for the organisation to say."""

from pathlib import Path

import pytest

from cti.config import examine, load
from cti.problems import Problems, corrected
from tests.config.sample import RIGHT, lay_out


def with_counts(line: str) -> str:
    return RIGHT.replace("cap = 3\n", f"cap = 3\n{line}")


@pytest.mark.parametrize(
    ("line", "said"), [("", "monthly"), ('counts = "monthly"\n', "monthly"), ('counts = "off"\n', "off")]
)
def test_counts_are_told_monthly_unless_they_are_off(line: str, said: str, tmp_path: Path) -> None:
    config = load(lay_out(tmp_path, with_counts(line)), {})
    assert config.organisation.counts == said


def test_a_misspelt_value_is_an_error_with_its_remedy(tmp_path: Path) -> None:
    text = with_counts('counts = "montly"\n')
    file = lay_out(tmp_path, text)
    with pytest.raises(Problems):
        load(file, {})
    _, [found] = examine(file, {})
    assert found.sentence("en").endswith(
        'counts = "montly": not one of monthly, off; did you mean "monthly"?'
    )
    assert found.sentence("nl").endswith(
        'counts = "montly": dit moet een van deze zijn: monthly, off; bedoelde u "monthly"?'
    )
    assert found.line is not None and found.suggestion is not None
    mended = lay_out(tmp_path, corrected(text, found.line, found.suggestion))
    assert load(mended, {}).organisation.counts == "monthly"
