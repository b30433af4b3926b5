"""What the variables of a prompt's text say (`cti.rulebook.texts.VARIABLES`), worked out of what is known of the client."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cti.core.calendar import Calendar
from cti.core.events import History
from cti.core.life import assignments, live, responsible, situation_at
from cti.core.moments import Moment
from cti.core.prompts import Planned
from cti.core.vocabulary import Vocabulary
from cti.i18n import format_day
from cti.sentences import situation_label

NameOf = Callable[[str], str]
"""What the member of staff with this id is called in texts; "" where nobody has it."""


@dataclass(frozen=True, slots=True)
class Words:
    """What texts say of the organisation: its name, whom to reach about a conference, local places, who pays for it."""

    organisation: str = ""
    coordinator: str = ""
    places: str = ""
    funding: str = ""


def variables(
    plan: Planned,
    history: History | None,
    vocabulary: Vocabulary,
    calendar: Calendar,
    words: Words,
    name_of: NameOf,
    language: str,
) -> Mapping[str, str]:
    """The variables of this prompt's text in that language, as of the history. Those that are not known are empty."""
    records = history.records if history is not None else ()
    life = live(history, vocabulary, calendar) if history is not None else None
    moment = next((m for m in life.moments if plan.name in m.names), None) if life is not None else None
    foreseen = moment if moment is not None and moment.kind == "expects" else None
    on = max(plan.day, calendar.day(plan.due)) if plan.due is not None else plan.day
    worker, _ = responsible(assignments(records), on)
    previous = plan.worker or (moment.worker_before if moment is not None else None)
    now_in = situation_at(life.spells, plan.day) if life is not None else None
    return {
        "client": plan.client,
        "day": format_day(language, plan.day),
        "due": format_day(language, calendar.day(plan.due)) if plan.due is not None else "",
        "expected_day": format_day(language, foreseen.day) if foreseen and foreseen.day else "",
        "worker": name_of(worker) if worker is not None else "",
        "previous_worker": name_of(previous) if previous is not None else "",
        "from_situation": _from(moment, vocabulary, language),
        "situation": situation_label(language, foreseen.what if foreseen else now_in, vocabulary),
        "coordinator": words.coordinator,
        "places": words.places,
        "funding": words.funding,
        "organisation": words.organisation,
    }


def _from(moment: Moment | None, vocabulary: Vocabulary, language: str) -> str:
    return situation_label(language, moment.origin if moment is not None else None, vocabulary)
