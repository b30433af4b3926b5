"""What is fed: each reader of what comes from outside. It may refuse, in the way it says it does; it may not fail in another way,
hang, or take what is not valid."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from html.parser import HTMLParser
from pathlib import Path

from cti.config import load
from cti.core.planner import plan
from cti.post.markdown import to_html, to_text
from cti.post.texts import TextError, Texts
from cti.problems import Problems
from cti.rulebook.check import read_with_tests
from cti.rulebook.folder import read_folder, see_rules
from cti.rulebook.seen import Seen
from cti.rulebook.texts import VARIABLES, check_text
from cti.sentences import reason
from tests.core.build import expected, fact, history, stay, worker
from tests.faults import write
from tests.fuzz.exports import (
    EVENTS,
    RESOURCES,
    SNAPSHOT,
    feed_csv,
    feed_fhir,
    feed_hmis,
    feed_sql,
    feed_zip,
    hmis_files,
    zipped,
)
from tests.fuzz.messages import MESSAGES, ODD, feed_iwmo
from tests.fuzz.said import all_said, problems_are_said, whole_way
from tests.project import ROOT
from tests.rulebook.house import CALENDAR, DESKS, FILES, LANGUAGES

Feed = Callable[[Path, bytes], None]


@dataclass(frozen=True)
class Target:
    """`feed` takes one input, in a folder that stays from one to the next, and raises where something is wrong. Inputs are made
    of the `seeds`; `words` are what they may hold. Most inputs keep the first `head` lines of a seed: with another header nothing
    further is read."""

    name: str
    seeds: Sequence[bytes]
    words: Sequence[bytes]
    feed: Feed
    head: int = 0


# --- what managers write ----------------------------------------------------------------------------------------------

LIVED = history(
    stay("1", "crisis-shelter", "1-5", "2-20"),
    expected("2", "own-home", "2-20", "1-25"),
    stay("3", "own-home", "2-20"),
    fact("4", "trust", "growing", "1-10"),
    fact("5", "children", 2, "1-10"),
    fact("6", "network-mapped", date(2026, 1, 20), "1-20"),
    fact("7", "review-date", date(2026, 4, 20), "2-25"),
    worker("8", "w1", "1-5", "north"),
    worker("9", "w2", "2-22"),
)
"""A life that the rules of the small house have something to say to, whatever becomes of them."""


@cache
def _house(folder: Path) -> Seen:
    write(folder, FILES)
    return see_rules(folder / "rules", folder / "templates")


def _rules(file: str, folder: Path, data: bytes) -> None:
    """One file of a small rules folder; what is taken must be of use for a plan, and be said in words."""
    seen, path = _house(folder), folder / file
    contents = {**seen.contents, path.parent: {**seen.contents[path.parent], path.name: data}}
    seen, rules, texts = replace(seen, contents=contents), folder / "rules", folder / "templates"
    if "tests" in file or whole_way(data):
        checked = read_with_tests(rules, LANGUAGES, texts, DESKS, seen=seen)
        problems_are_said(checked.problems)
        loaded = checked.loaded
    else:
        loaded = read_folder(rules, LANGUAGES, texts, DESKS, seen=seen)
        problems_are_said(loaded.problems)
    rulebook = loaded.rulebook
    wrong = any(problem.level == "error" for problem in loaded.problems)
    assert (rulebook is None) == wrong
    if rulebook is None:
        return
    for planned in plan(LIVED, rulebook, CALENDAR):
        assert planned.due is None or planned.due.utcoffset() is not None
        all_said(*(reason(lang, planned, rulebook, CALENDAR) for lang in LANGUAGES))


SHOWN = {
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "ul",
    "ol",
    "li",
    "em",
    "strong",
    "a",
    "br",
    "hr",
    "blockquote",
}


class _Allowed(HTMLParser):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in SHOWN, tag
        for name, value in attrs:
            assert name in ("href", "title", "start"), name
            scheme = (value or "").partition(":")[0].strip().lower()
            assert name != "href" or scheme not in ("javascript", "vbscript", "data", "file"), value


def _text(folder: Path, data: bytes) -> None:
    """The text of a prompt: what the check takes can be filled in, and what comes of it is safe to show."""
    try:
        source = data.decode()
    except UnicodeDecodeError:
        return
    found = check_text("prompts/a/b.nl.md", source)
    problems_are_said(found)
    texts = Texts([{"prompts/a/b.nl.md": source}], ["nl"])
    values = dict.fromkeys(VARIABLES, '<b onclick="x">[k](javascript:y)</b> {{ day }}')
    try:
        text = texts.prompt("a/b", "nl", values)
    except TextError:
        assert any(problem.level == "error" for problem in found), "taken, and cannot be worded"
        return
    for body in (text.body, text.title):
        _Allowed().feed(to_html(body))
        to_text(body)


def _config(folder: Path, data: bytes) -> None:
    for place in ("rules", "templates", "export"):
        (folder / place).mkdir(exist_ok=True)
    file = folder / "config.toml"
    file.write_bytes(data)
    try:
        config = load(file, {})
    except Problems as refused:
        problems_are_said(refused.problems)
        return
    assert config.languages and config.calendar.zone and config.sources is not None
    problems_are_said(config.warnings)


# --- all of them ------------------------------------------------------------------------------------------------------


def _words(*texts: str) -> list[bytes]:
    """What stands in the texts between spaces and commas, each once."""
    found = dict.fromkeys(
        word for text in texts for line in text.splitlines() for word in line.replace(",", " ").split()
    )
    return [word.encode() for word in found]


def _rule_target(file: str, *others: str) -> Target:
    name = Path(file).stem if "tests" not in file else "rule-tests"
    texts = [FILES[one] for one in (file, *others)]
    return Target(name, [text.encode() for text in texts], _words(*texts), partial(_rules, file))


def targets() -> tuple[Target, ...]:
    """All readers of what comes from outside."""
    hmis = [f"{name}\n{text}".encode() for name, text in hmis_files().items()]
    single = [RESOURCES, *(json.dumps([one]) for one in json.loads(RESOURCES))]
    text = "# Teken samen wie er zijn\n\n{{ client }} sinds {{ day }}.\n\n{% if places %}\n- {{ places|upper }}\n{% endif %}\n"
    example = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    begun = 'database = "sqlite:///cti.db"\nbase_url = "http://localhost:8080"\n\n'
    small = begun + '[[sources]]\nname = "r"\ntype = "csv"\npath = "export"\n'
    whole = f"\n{example}\n".split("\n[")
    sections = [example.encode(), *(f"{small}\n[{section}".encode() for section in whole[1:])]
    braces = [
        "{{",
        "}}",
        "{%",
        "%}",
        "{% for x in client %}",
        "{% endfor %}",
        "* 9",
        "** 99",
        "|length",
        "~",
        "[k](x:y)",
        "<b>",
    ]
    return (
        Target("csv-events", [EVENTS.encode()], _words(EVENTS), partial(feed_csv, "events"), head=1),
        Target(
            "csv-snapshots",
            [SNAPSHOT.encode()],
            _words(SNAPSHOT, ";"),
            partial(feed_csv, "snapshots"),
            head=1,
        ),
        Target("sql", [EVENTS.encode()], _words(EVENTS), feed_sql),
        Target("hmis-csv", hmis, _words(*hmis_files().values()), feed_hmis, head=2),
        Target(
            "hmis-zip", [zipped()], [b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"Exit.csv", b"/"], feed_zip
        ),
        Target(
            "fhir",
            [one.encode() for one in single],
            [*_words(RESOURCES), b'"code"', b"null", b"[]", b"{}"],
            feed_fhir,
        ),
        Target(
            "iwmo",
            [one.encode() for one in MESSAGES],
            [*_words(*(one.replace("<", " <").replace(">", "> ") for one in MESSAGES)), *ODD],
            feed_iwmo,
            head=2,
        ),
        _rule_target("rules/crisis-intake.toml", "rules/review-date.toml"),
        _rule_target("rules/vocabulary.toml"),
        _rule_target("rules/tests/whole-way.toml", "rules/tests/crisis-intake.toml"),
        Target("text", [text.encode()], [*_words(text), *(word.encode() for word in braces)], _text),
        Target("config", [small.encode(), *sections], _words(example), _config),
    )
