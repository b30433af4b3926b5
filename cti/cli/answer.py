"""`cti answer`: records what a worker says to a prompt."""

from __future__ import annotations

from collections.abc import Sequence

from cti.cli.output import line, out
from cti.cli.refusal import Refusal
from cti.cli.session import Session
from cti.engine.answering import answer as record
from cti.engine.answering import answers_for
from cti.engine.people import staff_known
from cti.i18n import mark, say
from cti.sentences import label


def record_answer(
    asked: Session, prompt: str, said: str, facts: Sequence[str], note: str | None, by: str | None
) -> None:
    """Records the answer; it counts from the next pass on."""
    lang = asked.lang
    given = dict(_pair(text) for text in facts)
    with asked.system() as system:
        if by is not None and by not in staff_known(system).people:
            raise Refusal(mark("--by {by}: there is nobody with this id"), 2, by=by)
        rulebook = asked.rulebook(system)
        done = record(system, rulebook, prompt, said, asked.clock(system), given, note, by)
        row = done.prompt
        if done.kind == "too-late":
            text = mark(
                "prompt {number} was withdrawn, so nothing was recorded; cti explain {client} says why"
            )
            raise Refusal(text, 1, number=row.id, client=row.plan.client)
        kind = answers_for(rulebook, row)[said]
    place = f"{row.plan.rule}/{row.plan.step}"
    if done.kind == "already":
        text = mark('Prompt {number} ({place}) has this answer already: "{answer}".')
        line(out(), say(lang, text, number=row.id, place=place, answer=label(lang, kind.label, said)))
        return
    text = mark('Recorded for prompt {number} ({place}): "{answer}". It counts from the next pass on.')
    line(out(), say(lang, text, number=row.id, place=place, answer=label(lang, kind.label, said)))


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise Refusal(mark("--fact {given}: a fact is given as NAME=VALUE"), 2, given=text)
    return name.strip(), value.strip()
