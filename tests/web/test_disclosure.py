"""With the settings that are shipped, nothing that leaves the house or that many may read tells of a client."""

from __future__ import annotations

import email
import email.policy
import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from cti import log
from cti.engine import Tick
from cti.engine.rulebooks import standing
from cti.service import report
from cti.web.app import create_app
from cti.web.feeds import calendar_of, give, refresh
from cti.web.site import Site
from tests.engine.sample import Sample, sample, type_in_day_by_day

LAST = date(2026, 1, 15)
LANGUAGES = ("nl", "en")


LINK = re.compile(r"https?://[^\s\"'<>)\]]+")


@dataclass
class Watched(Sample):
    """The organisation with everything that it tells: each calendar as it was on each Friday, and the log."""

    calendars: set[bytes] = field(default_factory=set)
    given: bool = False
    logged: io.StringIO = field(default_factory=io.StringIO)

    def tick(self, now: datetime, force: bool = False) -> Tick:
        people = self.system.config.staff.people
        if not self.given:
            self.given = True
            site: Site = create_app(self.system, lambda: now).state.site
            for who in people:
                give(self.system, site.cookies.key, who, now)
        done = super().tick(now, force)
        for source in done.sources:
            report.was_read(source)
        report.was_planned(done, 0.1)
        report.was_posted(done.posting, 0.1)
        if now.weekday() == 4:
            refresh(self.system, now)
            self.calendars |= {calendar_of(self.system, one, one.language or "nl") for one in people.values()}
        return done


def lived(folder: Path, clients: int, time_span: timedelta) -> Watched:
    made = Watched(**vars(sample(folder, LAST, size=clients, since=LAST - time_span)))
    log.start(made.logged)
    try:
        type_in_day_by_day(made, LAST - time_span, LAST)
    finally:
        logging.getLogger().handlers.clear()
    return made


def mails(made: Watched) -> Iterator[str]:
    """Every mail as it is read: its headers, and its parts decoded."""
    for file in (made.folder / "outbox").glob("*.eml"):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
        yield "\n".join([file.name, *(f"{name}: {value}" for name, value in message.items()), *parts])


def telling(made: Watched) -> set[str]:
    """The words that tell what happens in a life: of situations, rules and prompts, in both languages."""
    rules = standing(made.system)
    assert rules is not None
    book = rules.rulebook
    labels = [label for one in book.vocabulary.situations.values() for label in one.values()]
    titles = [title for rule in book.rules for title in rule.title.values()]
    prompts = [
        re.sub(r"^# ", "", text.splitlines()[0])
        for name, text in rules.files.items()
        if "prompts/" in name and text.startswith("# ")
    ]
    names = [rule.id for rule in book.rules]
    assert len(labels) > 10 and len(titles) > 20 and len(prompts) > 60
    # A word such as "unknown" tells nothing by itself.
    return {word for word in {*labels, *titles, *prompts, *names} if len(word) > 9 or " " in word}


def nothing_is_told(made: Watched) -> None:
    refs = {history.client for history in made.histories()}
    words = re.compile("|".join(sorted(map(re.escape, telling(made)), reverse=True)), re.IGNORECASE)
    read = list(mails(made))
    calendars = [text.decode().replace("\r\n ", "") for text in made.calendars]
    lines = made.logged.getvalue().splitlines()
    links = {link for text in read for link in LINK.findall(text)}
    wrong = {link for link in links if not re.fullmatch(r"http://localhost:8080(/prompts/\d+)?", link)}
    assert len(links) > 1 and not wrong, "a link says at most the number of a prompt"
    assert len(read) > 5 and len(calendars) > 5 and len(lines) > 30, "there is something to read"
    for text in [*read, *calendars, *lines]:
        found = refs.intersection(re.findall(r"\w+", text))
        assert not found, f"names a client: {text}"
    for text in [*read, *calendars]:
        told = words.findall(text)
        assert not told, f"tells of a transition {told}: {text}"


def test_a_season_tells_nothing_of_anyone_in_mail_calendar_and_log(tmp_path: Path) -> None:
    nothing_is_told(lived(tmp_path / "sample", 60, timedelta(days=45)))


@pytest.mark.long
def test_a_year_tells_nothing_of_anyone_in_mail_calendar_and_log(tmp_path: Path) -> None:
    nothing_is_told(lived(tmp_path / "sample", 500, timedelta(days=365)))
