from pathlib import Path

import pytest

from cti.post.texts import TextError, Texts
from tests.post.build import TEMPLATES

PLAIN = {"mail/layout.html": "<html lang={{ language }}><title>{{ subject }}</title>{{ body }}</html>"}


def texts(*languages: str, **files: str) -> Texts:
    """Texts by name: a__b is a/b."""
    named = {f"prompts/r/{name.replace('__', '.')}.md": text for name, text in files.items()}
    return Texts([{**PLAIN, **named}], languages or ("nl", "en"))


def test_a_prompt_is_a_title_and_a_body_with_its_values() -> None:
    text = texts(s__nl="# Titel\n\nVoor {{ client }}.\n").prompt("r/s", "nl", {"client": "a*b*"})
    assert (text.title, text.text, text.html) == ("Titel", "Voor a*b*.\n", "<p>Voor a*b*.</p>\n")


def test_a_text_comes_in_the_readers_language_else_in_the_default() -> None:
    both = texts(s__nl="# Nederlands", s__en="# English", t__nl="# Alleen")
    assert [both.prompt("r/s", language, {}).title for language in ("nl", "en", "fr", None)] == [
        "Nederlands",
        "English",
        "Nederlands",
        "Nederlands",
    ]
    assert both.prompt("r/t", "en", {}).title == "Alleen"
    assert texts("en", "nl", t__nl="# Alleen").prompt("r/t", "en", {}).title == "Alleen"


def test_the_first_place_that_has_a_text_counts(tmp_path: Path) -> None:
    file = tmp_path / "prompts" / "r" / "s.nl.md"
    file.parent.mkdir(parents=True)
    file.write_text("\ufeff# Eigen – tekst\r\n\r\nRegel\r\n", encoding="utf-8")
    shipped = {"prompts/r/s.nl.md": "# Meegeleverd", "prompts/r/t.nl.md": "# Ook"}
    both = Texts([tmp_path, shipped], ["nl"])
    assert both.prompt("r/s", "nl", {}).title == "Eigen – tekst"
    assert both.prompt("r/s", "nl", {}).body == "Regel"
    assert both.prompt("r/t", "nl", {}).title == "Ook"


@pytest.mark.parametrize(
    ("source", "line", "what"),
    [
        ("# Titel\n\n{{ clinet }}", 3, "'clinet' is undefined"),
        ("# Titel\n\n{% if client %}\n", 3, "Unexpected end of template"),
        ("# Titel\n{{ client | no_such }}", 2, "No filter named 'no_such'."),
        ("# Titel\n\n\n{{ 1 / 0 }}", 4, "division by zero"),
        (
            "# Titel\n{{ client.__class__.__mro__ }}",
            2,
            "access to attribute '__class__' of 'str' object is unsafe.",
        ),
        ("geen titel", 1, "the first line must be the title: # …"),
    ],
)
def test_a_text_that_cannot_be_made_says_where_and_why(source: str, line: int, what: str) -> None:
    with pytest.raises(TextError) as caught:
        texts(s__nl=source).prompt("r/s", "nl", {"client": "c1"})
    assert caught.value.file == "prompts/r/s.nl.md"
    assert caught.value.line == line
    assert caught.value.what.startswith(what)


@pytest.mark.parametrize(
    "deep",
    ["{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", "{% for x in client %}" * 30 + "{% endfor %}" * 30],
    ids=["brackets", "loops"],
)
def test_a_text_that_nests_too_deep_is_one_text_that_cannot_be_made(deep: str) -> None:
    with pytest.raises(TextError, match=r"prompts/r/s\.nl\.md"):
        texts(s__nl=f"# Titel\n\n{deep}").prompt("r/s", "nl", {"client": "c1"})


def test_a_text_that_is_not_there_is_an_error_of_its_own() -> None:
    with pytest.raises(TextError, match=r"prompts/r/x\.nl\.md: there is no such text"):
        texts().prompt("r/x", "nl", {})
    with pytest.raises(TextError, match="there is no such text"):
        texts().prompt("../../etc/passwd", "nl", {})


def test_a_text_that_is_not_utf_8_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "prompts" / "s.nl.md"
    file.parent.mkdir(parents=True)
    file.write_bytes("# Cliënt".encode("latin-1"))
    with pytest.raises(TextError, match=r"prompts/s\.nl\.md.*utf-8"):
        Texts([tmp_path], ["nl"]).prompt("s", "nl", {})


def test_a_value_is_never_read_as_a_template() -> None:
    text = texts(s__nl="# T\n\n{{ client }}").prompt("r/s", "nl", {"client": "{{ secret }}", "secret": "no"})
    assert text.text == "{{ secret }}\n"


def test_a_mail_stands_in_the_layout_escaped() -> None:
    mails = Texts([{**PLAIN, "mail/digest.nl.md": '# Er is "1" & meer\n\nVoor {{ who }}'}], ["nl"])
    worded = mails.mail("digest", "nl", {"who": "<b>"})
    assert worded.subject == 'Er is "1" & meer'
    assert worded.text == "Voor <b>\n"
    assert worded.html == (
        "<html lang=nl><title>Er is &#34;1&#34; &amp; meer</title><p>Voor &lt;b&gt;</p>\n</html>"
    )


def test_the_same_mail_is_made_once() -> None:
    mails = Texts([{**PLAIN, "mail/digest.nl.md": "# T\n\n{{ n }}"}], ["nl"])
    assert mails.mail("digest", "nl", {"n": 1}) is mails.mail("digest", "nl", {"n": 1})
    assert mails.mail("digest", "nl", {"n": 2}).text == "2\n"


def test_a_mail_whose_part_or_layout_lacks_names_it() -> None:
    without = Texts(
        [{"mail/digest.nl.md": "# T\n\n{% include 'mail/x.nl.md' %}", "mail/urgent.nl.md": "# T"}], ["nl"]
    )
    with pytest.raises(TextError, match=r"mail/x\.nl\.md"):
        without.mail("digest", "nl", {})
    with pytest.raises(TextError, match=r"mail/layout\.html"):
        without.mail("urgent", "nl", {})


VALUES = (
    *("client", "day", "due", "expected_day", "worker", "previous_worker", "from_situation", "situation"),
    *("coordinator", "places", "funding", "organisation"),
)
SHIPPED = sorted((TEMPLATES / "prompts").rglob("*.md"))


def test_prompts_are_shipped() -> None:
    assert SHIPPED


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: str(file.relative_to(TEMPLATES / "prompts")))
def test_each_shipped_prompt_can_be_made_with_and_without_what_may_be_empty(file: Path) -> None:
    name, language, _ = file.relative_to(TEMPLATES / "prompts").as_posix().rsplit(".", 2)
    all_texts = Texts([TEMPLATES], [language])
    for values in (dict.fromkeys(VALUES, "ERGENS"), dict.fromkeys(VALUES, "")):
        text = all_texts.prompt(name, language, values)
        assert text.title and text.text.strip() and text.html
        assert "{" not in text.text and "*" not in text.text
