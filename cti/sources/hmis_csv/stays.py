"""What an enrolment says, part by part, as it became known: the stay, the expectation, the closing, and facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from cti.core.events import Assignment, Closed, Event, Expected, Fact, Reading, RecordId, Stay
from cti.core.vocabulary import Vocabulary
from cti.sources.facts import yes_as
from cti.sources.hmis_csv.codes import (
    ASSESSED_DECEASED,
    DECEASED,
    GUIDED_HOUSING,
    GUIDED_SUBSIDIES,
    GUIDING,
    KEPT_THE_HOME,
    RENTED_WITH_SUBSIDY,
)
from cti.sources.hmis_csv.enrolments import Enrolment, Left
from cti.sources.hmis_csv.options import Options
from cti.sources.hmis_csv.projects import Mapped

PARTS = ("stay", "expected", "closed", "assignment", "guidance", "guidance-exit", "language-need")
"""The parts that an enrolment's record may have."""

AROUND_A_MOVE = timedelta(days=14)
"""Guidance that begins so soon after a move counts as guidance with it (domain book 4.1, T4a)."""

Said = Sequence[tuple[Event | None, datetime | None]]
"""What a part said, oldest first, each with when that was recorded; the last one holds now."""


@dataclass(frozen=True)
class Teller:
    """Tells what enrolments say, under one mapping. `clients` are the enrolments of each client, for what belongs together."""

    source: str
    options: Options
    mapping: Mapped
    vocabulary: Vocabulary
    zone: tzinfo
    clients: Mapping[str, Sequence[Enrolment]]

    def readings(self, ref: str, enrolment: Enrolment, sure: bool = True) -> Iterator[Reading]:
        """The readings of one enrolment's record, part by part, oldest first.

        After what has a time comes what holds now, without one: it makes no version where the journal has it already, and one
        where the stated times hide a change (an exit that is gone, a row that came back).  Not so where the export is torn
        (`sure` False), as what is missing may only have been lost.
        """
        for part in PARTS:
            said = self._said(part, enrolment)
            if not said:
                continue
            record = RecordId(self.source, ref, part)
            for event, recorded in said:
                if recorded is not None:
                    yield Reading(record, enrolment.client, event, recorded)
            if sure:
                yield Reading(record, enrolment.client, said[-1][0], None)

    def retractions(self, ref: str, client: str, deleted: datetime | None) -> Iterator[Reading]:
        """The readings of a record that was deleted."""
        for part in PARTS:
            record = RecordId(self.source, ref, part)
            if deleted is not None:
                yield Reading(record, client, None, deleted)
            yield Reading(record, client, None, None)

    def waits(self, enrolment: Enrolment) -> bool:
        """Whether the enrolment's expectation stands and is not fulfilled yet."""
        return self._expects(enrolment) and enrolment.begin is None and enrolment.left is None

    def _said(self, part: str, enrolment: Enrolment) -> Said:
        if part == "stay":
            return self._stay(enrolment)
        if part == "expected":
            return self._expected(enrolment)
        if part == "closed":
            return self._closed(enrolment)
        if part == "assignment":
            return self._assignment(enrolment)
        return self._fact(part, enrolment)

    # --- the stay ---------------------------------------------------------------------------------------------------

    def _stay(self, enrolment: Enrolment) -> Said:
        if enrolment.project.situation is None:
            return ()
        left, begin = enrolment.left, enrolment.begin
        times = {enrolment.created, left.recorded if left else None}
        times |= {enrolment.begin_recorded} if begin is not None else set()
        said: list[tuple[Event | None, datetime | None]] = []
        for time in sorted(time for time in times if time is not None):
            known = (
                begin is not None
                and enrolment.begin_recorded is not None
                and enrolment.begin_recorded <= time
            )
            gone = left if left is not None and left.recorded is not None and left.recorded <= time else None
            event = self._stay_as_known(enrolment, known, gone)
            if event is not None and (not said or said[-1][0] != event):
                said.append((event, time))
        last = self._stay_as_known(enrolment, begin is not None, left)
        if enrolment.exit_deleted is not None:
            said.append((last, enrolment.exit_deleted))
        elif last is not None and (not said or said[-1][0] != last):
            said.append((last, None))
        return said

    def _stay_as_known(self, enrolment: Enrolment, begin_known: bool, left: Left | None) -> Stay | None:
        """The stay, if that it began is known (or not), and with the exit that is known."""
        situation = enrolment.project.situation
        begin = enrolment.begin if begin_known else None
        if begin is None and enrolment.project.begins == "engagement":
            begin = enrolment.entry
        if situation is None:
            return None
        if left is None:
            return Stay(situation, begin) if begin is not None else None
        # Who never moved in had no stay, but where they went on leaving holds: a stay of no days.
        return Stay(situation, begin or left.day, left.day, self.destination(enrolment, left))

    def destination(self, enrolment: Enrolment, left: Left) -> str | None:
        """The situation that an exit leads to; None: unknown."""
        found = self.mapping.destinations.get(left.destination) if left.destination is not None else None
        if (
            found == "own-home"
            and left.assessment == KEPT_THE_HOME
            and enrolment.project.situation == "at-risk"
            and self.mapping.kept_home is not None
        ):
            return self.mapping.kept_home
        return found

    # --- what is expected, and what ends the file ---------------------------------------------------------------------

    def _expects(self, enrolment: Enrolment) -> bool:
        return enrolment.project.begins == "move-in" and enrolment.project.situation is not None

    def _expected(self, enrolment: Enrolment) -> Said:
        situation = enrolment.project.situation
        if not self._expects(enrolment) or situation is None:
            return ()
        left, created = enrolment.left, enrolment.created
        if enrolment.begin is None and left is not None:
            # Left without having moved in: no longer expected from when the exit was recorded.
            return ((Expected(situation), created), (None, left.recorded))
        if left is not None and created is not None and left.day <= created.astimezone(self.zone).date():
            # All of it was typed in afterwards; at no time was it foreseen.
            return ()
        return ((Expected(situation), created),)

    def _closed(self, enrolment: Enrolment) -> Said:
        left = enrolment.left
        if left is None:
            return ()
        assessed = self.options.deceased_by_assessment and left.assessment == ASSESSED_DECEASED
        if left.destination != DECEASED and not assessed:
            return ()
        return ((Closed(left.day, "deceased"), left.recorded),)

    # --- who works with the client, and facts --------------------------------------------------------------------------

    def _assignment(self, enrolment: Enrolment) -> Said:
        project = enrolment.project
        team = project.team or (self.mapping.team if project.situation is not None else None)
        if team is None and enrolment.worker is None:
            return ()
        return ((Assignment(enrolment.entry, enrolment.worker, team), enrolment.created),)

    def _fact(self, part: str, enrolment: Enrolment) -> Said:
        name = "language-need" if part == "language-need" else "guidance"
        kind = self.vocabulary.facts.get(name) if name in self.options.facts else None
        if kind is None:
            return ()
        if part == "language-need":
            value = yes_as(kind, True) if enrolment.needs_language else None
            return ((Fact(name, value, enrolment.entry), enrolment.created),) if value is not None else ()
        if part == "guidance":
            if enrolment.begin is None or enrolment.project.begins != "move-in":
                return ()
            value = yes_as(kind, enrolment.project.type in GUIDED_HOUSING)
            if value is None or enrolment.project.situation != "own-home":
                return ()
            return ((Fact(name, value, enrolment.begin), enrolment.begin_recorded),)
        left = enrolment.left
        if (
            enrolment.project.situation is None
            or left is None
            or self.destination(enrolment, left) != "own-home"
        ):
            return ()
        value = yes_as(kind, self._guided_after(enrolment, left))
        return ((Fact(name, value, left.day), left.recorded),) if value is not None else ()

    def _guided_after(self, enrolment: Enrolment, left: Left) -> bool:
        if left.destination == RENTED_WITH_SUBSIDY and left.subsidy in GUIDED_SUBSIDIES:
            return True
        return any(
            other.id != enrolment.id
            and other.project.type in GUIDING
            and other.entry <= left.day + AROUND_A_MOVE
            and (other.left is None or other.left.day > left.day)
            for other in self.clients.get(enrolment.client, ())
        )
