"""No text that a manager writes holds up the others or takes all memory: what grows beyond bounds is an error at once."""

from __future__ import annotations

from time import process_time

import pytest
from jinja2 import TemplateError

from cti.post.texts import TextError, Texts
from cti.rulebook.texts import VARIABLES, check_text
from cti.sandbox import Sandbox, TooMuch

BOMBS = {
    "a power of a power": "{{ 9**(9**9) }}",
    "a large power": "{{ client ~ 7**99999999 }}",
    "a product of large numbers": "{% set a = 9**300 %}" + "{% set a = a * a %}" * 30 + "{{ a }}",
    "a letter many times": '{{ "x" * 10**9 }}',
    "a list many times": "{{ [1] * 999999999 }}",
    "a loop over many": '{% for x in "x" * 99999999 %}y{% endfor %}',
    "loops in loops": "".join(f"{{% for a{n} in 'abcdefghij' %}}" for n in range(9))
    + "x"
    + "{% endfor %}" * 9,
    "loops in loops that show nothing": "".join(f"{{% for a{n} in 'abcdefghij'|list -%}}" for n in range(9))
    + "{%- endfor %}" * 9,
    "a loop over a filter": "{% for x in ('x' * 90000)|map('upper') %}"
    + "{% for y in ('x' * 90000)|map('upper') %}{% endfor %}{% endfor %}",
    "a loop within itself": "{% for x in ['abc'] recursive %}{{ loop(x) }}{% endfor %}",
    "a text doubled by +": "{% set a = 'ab' %}" + "{% set a = a + a %}" * 40 + "{{ a }}",
    "a text doubled by ~": "{% set a = 'ab' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
    "a text doubled by a block": "{% set a = 'ab' %}"
    + "{% set a %}{{ a }}{{ a }}{% endset %}" * 40
    + "{{ a }}",
    "a text doubled by join": "{% set a = 'ab' %}" + "{% set a = [a, a]|join %}" * 40 + "{{ a }}",
    "a text doubled by a format": "{% set a = 'ab' %}" + "{% set a = '%s%s'|format(a, a) %}" * 40 + "{{ a }}",
    "a text grown by replacing": "{% set a = 'aa' %}" + "{% set a = a|replace('a', a) %}" * 40 + "{{ a }}",
    "lists that hold one another": "{% set a = 'ab' %}" + "{% set a = [a, a] %}" * 40 + "{{ a }}",
    "lists that hold one another, as text": "{% set a = 'ab' %}"
    + "{% set a = [a, a] %}" * 40
    + "{{ a|string }}",
    "a wide filter": "{{ client|center(10**9) }}",
    "a wide indent": "{{ client|indent(999999999, true) }}",
    "many slices": "{{ client|slice(999999999)|list }}",
    "a batch filled up": "{{ client|batch(999999999, 'x')|list }}",
    "a wide format": "{{ '%999999999d'|format(1) }}",
    "a format as wide as a number": "{{ '%*d'|format(999999999, 1) }}",
    "a format by %": "{{ '%999999999d' % 1 }}",
    "a format by braces": "{{ '{:999999999}'.format(1) }}",
    "a format by braces in braces": "{{ '{:{}}'.format(1, 999999999) }}",
    "a wide method": "{{ 'x'.ljust(999999999) }}",
    "wide tabs": "{{ ('\\t' * 9999).expandtabs(99999) }}",
    "a filter that calls a wide one": "{{ ['x']|map('center', 999999999)|list }}",
}


def text(bomb: str) -> str:
    return f"# Bel even\n\n{bomb}\n"


@pytest.mark.parametrize("bomb", [pytest.param(bomb, id=name) for name, bomb in BOMBS.items()])
def test_a_text_that_grows_beyond_bounds_is_an_error_before_it_is_sent(bomb: str) -> None:
    began = process_time()
    found = check_text("prompts/a/b.nl.md", text(bomb))
    # Of all together being too long, no line is to blame.
    assert [(one.level, one.line) for one in found] in ([("error", 3)], [("error", 1)])
    assert process_time() - began < 2


@pytest.mark.parametrize("bomb", [pytest.param(bomb, id=name) for name, bomb in BOMBS.items()])
def test_one_that_nobody_checked_costs_its_own_prompt_and_no_more(bomb: str) -> None:
    texts = Texts([{"prompts/a/b.nl.md": text(bomb)}], ["nl"])
    began = process_time()
    with pytest.raises(TextError) as caught:
        texts.prompt("a/b", "nl", dict.fromkeys(VARIABLES, "c1"))
    assert caught.value.line in (3, None)
    assert process_time() - began < 2


def test_the_error_says_what_is_wrong_in_the_readers_language() -> None:
    [found] = check_text("prompts/a/b.nl.md", text("{{ 9**(9**9) }}"))
    assert "too large for a text" in found.sentence("en")
    assert "te groot voor een tekst" in found.sentence("nl")


def test_a_text_of_many_pages_is_refused_however_it_is_made() -> None:
    with pytest.raises(TooMuch):
        Sandbox(letters=10).from_string("{{ a }}{{ a }}").render(a="123456")


def test_a_loop_that_is_long_but_not_too_long_is_filled_in() -> None:
    made = Sandbox().from_string("{% for x in many %}{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %}")
    assert made.render(many=range(200)).endswith("199, 200")
    again = Sandbox().from_string(
        "{% for x in many|map('upper') %}{{ loop.length }}{% else %}none{% endfor %}"
    )
    assert (again.render(many="abc"), again.render(many="")) == ("333", "none")


def test_what_texts_do_every_day_goes_on_as_before() -> None:
    made = Sandbox().from_string(
        "{{ a ~ ', ' ~ 3 }} {{ a + b }} {{ 7 * 6 }} {{ 2 ** 8 }} {{ '%s!' % a }} {{ a.title() }} {{ a|truncate(3) }} "
        "{{ '-' * 3 }} {{ [a, b]|join(' en ') }} {{ a|center(7) }}|{{ '%05.1f'|format(3) }}"
    )
    shown = "x, 3 xy 42 256 x! X x --- x en y    x   |003.0"
    assert made.render(a="x", b="y") == shown


def test_the_steps_of_one_text_are_not_counted_against_the_next() -> None:
    made = Sandbox().from_string("{% for x in many %}.{% endfor %}")
    for _ in range(5):
        made.render(many=range(90_000))
    with pytest.raises(TemplateError):
        made.render(many=range(300_000))
