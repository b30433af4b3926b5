"""Prompt texts: what may stand in them, and what is said of what may not."""

from __future__ import annotations

import pytest

from cti.rulebook.texts import VARIABLES, check_text

GOOD = """\
# Netwerk in kaart

{{ client }} is sinds {{ day }} hier{% if from_situation %}, en komt van {{ from_situation }}{% endif %}.

- Wie belt er op zondag?
{% if places -%}
- {{ places }}
{%- elif funding %}
{{ funding | upper }}
{% else %}
{% for word in ("een", "twee") %}{{ word }} {% endfor %}
{% endif %}
"""


def told(text: str) -> list[str]:
    return [problem.sentence("en") for problem in check_text("a.nl.md", text)]


def test_nothing_is_said_of_a_good_text() -> None:
    assert told(GOOD) == []
    assert told(GOOD.replace("\n", "\r\n")) == []


@pytest.mark.parametrize("variable", VARIABLES)
def test_each_variable_may_stand_in_a_text(variable: str) -> None:
    assert told(f"# Title\n\n{{{{ {variable} }}}}\n") == []


def test_what_is_wrong_further_down_is_told_as_well() -> None:
    text = "# Title\n\n{{ clint }\n\n{% if places %}\n{{ plces }}\n{% endfi %}\n{{ dya }}\n"
    assert [problem.line for problem in check_text("a.nl.md", text)] == [3, 3, 6, 7, 8]


def test_a_repair_that_needs_more_keeps_the_lines_of_what_follows() -> None:
    text = "# Title\n\n{% if places %}\n{{ places }}\n"
    (found,) = check_text("a.nl.md", text)
    assert (found.line, found.suggestion) == (4, "{{ places }}{% endif %}")


def test_braces_that_are_no_variable_are_left_alone() -> None:
    assert told("# Title\n\nEen {lijstje} en een {} en {{ day }}.\n") == []


def test_what_would_fail_at_sending_is_told_with_its_line() -> None:
    (found,) = check_text("a.nl.md", "# Title\n\nx\n{{ client | round }}\n")
    assert found.line == 4


@pytest.mark.parametrize(
    "deep",
    ["{{ " + "(" * 3000 + "day" + ")" * 3000 + " }}", "{% for x in day %}" * 30 + "{% endfor %}" * 30],
    ids=["brackets", "loops"],
)
def test_what_stands_too_deep_within_another_is_told(deep: str) -> None:
    assert told(f"# Title\n\n{deep}\n") == [
        "a.nl.md:1: conditions or brackets stand too deep within one another"
    ]


def test_what_only_fails_where_something_is_empty_is_told() -> None:
    assert told("# Title\n\n{{ (places | list)[0] if not places }}\n") != []


@pytest.mark.parametrize("first", ["# #", "#", "# {# later #}", "# ###"])
def test_a_title_of_which_nothing_is_left_is_none(first: str) -> None:
    [found] = check_text("map-network.nl.md", f"{first}\n\nBel.\n")
    assert "the first line is the title" in found.message("en")
    assert found.suggestion is not None and check_text("a.nl.md", f"{found.suggestion}\n\nBel.\n") == ()


def test_a_number_beyond_all_bounds_is_told() -> None:
    """Jinja2 writes it as a name that Python does not have."""
    [found] = check_text("a.nl.md", "# Title\n\n{{ 1e999 * 3 }}\n")
    assert (found.level, found.line) == ("error", 3)


def test_a_text_that_grows_with_what_fills_it_in_is_told() -> None:
    [found] = check_text("a.nl.md", "# Bel\n\n{% for one in places %}" + "a" * 2000 + "{% endfor %}\n")
    assert (found.level, found.message("en")) == (
        "error",
        "a number, a repetition or a loop here is too large for a text",
    )


def test_an_unknown_variable_is_told_once_a_line() -> None:
    assert len(told("# Title\n\n{{ weather }} and {{ weather }}\n{{ weather }}\n")) == 2


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n\r"])
def test_braces_before_a_line_end_of_another_system_are_told_and_hold_up_nobody(end: str) -> None:
    [found] = check_text("a.nl.md", f"# Bel even\n\n{{{{{end}")
    assert (found.level, found.line) == ("error", 3)
