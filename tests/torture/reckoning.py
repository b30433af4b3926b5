"""What was promised, held against the mail server's own log, prompt by prompt."""

from __future__ import annotations

import email
import email.policy
import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

Entry = dict[str, Any]
Prompt = tuple[str, str]
"""A client, and what the mail says is to be done."""

WINDOW = 48
"""So many mails may be on their way between the server's "accepted" and our note where fifty or more go at once (page 41 of the
decisions)."""

AGAIN = ("niet meer nodig", "andere dag gekregen", "toch weer nodig")
"""Words of a mail that tells what became of a prompt that was told earlier."""


@dataclass(frozen=True)
class Reckoning:
    """`repeats`: mails that the server accepted once more than needed, within the window that the documents name. All else that
    is not empty is a promise that was not kept."""

    mails: int
    told: int
    repeats: int
    lost: list[Prompt] = field(default_factory=list)
    unasked: list[Prompt] = field(default_factory=list)
    twice: list[Prompt] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    anew: list[str] = field(default_factory=list)

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return not (self.lost or self.unasked or self.twice or self.outside or self.anew)


def entries(log: Path) -> Iterator[Entry]:
    """The mail server's log, line by line."""
    with log.open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def reckon(
    log: Iterable[Entry], due: Collection[Prompt], killed: Collection[int], window: int = 1
) -> Reckoning:
    """`due` are the prompts that must have been told, once each; `killed` the processes that were killed.

    A mail may come again under its own Message-ID where the process that sent it was killed, or its connection cut, before it
    said anything after the acceptance: then it may not have known, or not have written down, that the mail was accepted. Of a
    process that was killed, so may the last `window` mails, over whichever connections.
    """
    senders: dict[int, int] = {}
    sent: dict[int, list[str]] = defaultdict(list)
    accepted: dict[str, list[int]] = defaultdict(list)
    bodies: dict[str, str] = {}
    anew: list[str] = []
    last: dict[int, str] = {}
    cut: set[int] = set()
    mails = 0
    for entry in log:
        line, what = entry["line"], entry["what"]
        if what == "greeted":
            senders[line] = entry["pid"]
        if (what == "greeted" and entry["pid"] in killed) or what == "trapped":
            cut.add(line)
        elif what == "begun":
            last.pop(line, None)
        elif what == "accepted":
            mails += 1
            message = email.message_from_string(entry["mail"], policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            name = str(message["Message-ID"])
            accepted[name].append(line)
            last[line] = name
            sent[senders.get(line, 0)].append(name)
            said = text_of(message)
            if bodies.setdefault(name, said) != said:
                anew.append(name)
    in_hand = {(pid, name) for pid in killed for name in sent[pid][-window:]} if window > 1 else set()
    outside = [
        name
        for name, lines in accepted.items()
        if any(
            (line not in cut or last.get(line) != name) and (senders.get(line, 0), name) not in in_hand
            for line in lines[:-1]
        )
    ]
    told = Counter(prompt for said in bodies.values() for prompt in told_in(said))
    wanted = set(due)
    return Reckoning(
        mails=mails,
        told=len(told),
        repeats=mails - len(accepted),
        lost=sorted(wanted - told.keys()),
        unasked=sorted(told.keys() - wanted),
        twice=sorted(prompt for prompt, times in told.items() if times > 1),
        outside=outside,
        anew=anew,
    )


def text_of(message: EmailMessage) -> str:
    """The plain text of a mail."""
    body = message.get_body(("plain",))
    assert body is not None
    return "\n".join(str(body.get_content()).splitlines())


def told_in(text: str) -> list[Prompt]:
    """The prompts that a mail tells of for the first time."""
    found = []
    for section in re.split(r"^Cliënt ", text, flags=re.M)[1:]:
        client, _, rest = section.partition("\n")
        if not any(words in section for words in AGAIN):
            found.append((client.strip(), rest.strip("-\n").partition("\n")[0].strip()))
    return found
