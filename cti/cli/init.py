"""`cti init`: a config, rules and texts to start from."""

from __future__ import annotations

from pathlib import Path

from cti.cli.layout import lay_out
from cti.cli.output import line, out
from cti.cli.session import Session
from cti.i18n import say


def start(asked: Session, folder: Path) -> None:
    """Lays it out, and says what is where."""
    today = asked.now().astimezone().date()
    lay_out(folder, today, lang=asked.lang)
    console, lang = out(), asked.lang
    line(console, say(lang, "{folder} is ready:", folder=folder.as_posix()), "bold")
    for name, about in (
        ("config.toml", say(lang, "database, mail, sources and people: begin with this one")),
        ("rules/", say(lang, "what to prompt, when, to whom; since {today}", today=today.isoformat())),
        ("templates/", say(lang, "the texts of the prompts and the mails")),
        ("export/", say(lang, "where the exports of your registration system go")),
        ("outbox/", say(lang, "where mails go as files, until a mail server is set")),
        (".schema/", say(lang, "for editors: completes words in these files, and marks what is wrong")),
    ):
        line(console, f"  {name:<14}{about}")
    line(console, "")
    line(console, say(lang, "Next:  cd {folder} && cti check && cti tick", folder=folder.as_posix()))
