from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.post.markdown import Trusted, escaped, lowered, split_title, to_html, to_text


@pytest.mark.parametrize(
    "value",
    [
        "# kop",
        "- punt",
        "1. een",
        "*schuin* en _ook_ en **vet**",
        "<b>vet</b>",
        "<script>alert(1)</script>",
        "[klik](http://evil.example)",
        "![beeld](http://evil.example/x.png)",
        "<http://evil.example>",
        "`code`",
        "```",
        "a | b",
        "&amp; &lt;",
        "{{ 7 * 7 }} {% raw %}",
        "regel\\",
        "> citaat",
        "===",
        "[x]: http://evil.example",
    ],
)
def test_a_value_shows_just_its_characters(value: str) -> None:
    assert to_text(escaped(value)) == value + "\n"
    assert unescape(to_html(escaped(value))) == f"<p>{value}</p>\n"


@given(st.text())
def test_any_value_is_one_paragraph_of_its_own_characters(value: str) -> None:
    html = to_html("Voor " + escaped(value) + " ook.")
    shown = " ".join("".join(char if char.isprintable() else " " for char in value).split())
    assert " ".join(unescape(html).split()) == " ".join(f"<p>Voor {shown} ook.</p>".split())


def test_a_value_cannot_begin_a_line_of_its_own() -> None:
    assert escaped("een\n\n# twee\r\n- drie") == r"een \# twee \- drie"


def test_a_trusted_text_keeps_its_markdown() -> None:
    assert escaped(Trusted("**vet**")) == "**vet**"


def test_html_images_and_code_blocks_are_not_markdown_here() -> None:
    html = to_html('<img src="http://x.example">\n\n![x](http://x.example/a.png)\n\n    <b>\n\n```\nopen')
    assert "<img" not in html and "<b>" not in html and "<pre" not in html


def test_a_script_is_no_link() -> None:
    assert "href" not in to_html("[klik](javascript:alert(1))")


def test_the_first_line_is_the_title_and_plain() -> None:
    assert split_title("# Teken *samen* wie er zijn\n\nWaarom nu.") == (
        "Teken samen wie er zijn",
        "Waarom nu.",
    )
    assert split_title("\ufeff# Titel") == ("Titel", "")


@pytest.mark.parametrize("source", ["", "Titel", "## Titel", "#", "#Titel", "Titel\n====="])
def test_a_text_without_a_title_has_none(source: str) -> None:
    assert split_title(source) is None


def test_headings_are_lowered_to_stand_below_another() -> None:
    assert lowered("# een\n\ntekst # twee\n  ## drie\n##### vier\n#geen", 2) == (
        "### een\n\ntekst # twee\n  #### drie\n###### vier\n#geen"
    )


def test_the_text_part_reads_as_a_letter() -> None:
    source = (
        "Hallo **jij**,\n\nEen regel\ndie doorloopt\\\nen afbreekt.\n\n## Kop\n\n"
        "- een\n- twee\n  1. a\n  2. b\n\n> citaat\n\n"
        "[hier](http://x.example/a) of [http://x.example](http://x.example)\n\n---\n\nGroet"
    )
    assert to_text(source) == (
        "Hallo jij,\n\nEen regel die doorloopt\nen afbreekt.\n\nKop\n---\n\n"
        "- een\n- twee\n  1. a\n  2. b\n\n> citaat\n\n"
        "hier (http://x.example/a) of http://x.example\n\n--------------------\n\nGroet\n"
    )


def test_long_lines_are_wrapped_and_addresses_are_not() -> None:
    address = "http://x.example/" + "a" * 90
    lines = to_text("- " + "woord " * 40 + f"[{address}]({address})").splitlines()
    assert all(len(line) <= 76 for line in lines if address not in line)
    assert all(line.startswith(("- ", "  ")) for line in lines)
    assert any(line.strip() == address for line in lines)


def test_a_text_that_is_empty_below_its_title_says_nothing() -> None:
    assert to_text("").strip() == "" and to_html("") == ""
