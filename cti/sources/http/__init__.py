"""The `http` source: a registration that pushes what changes, as CloudEvents 1.0 to `POST /events`.

What comes in is kept at once (`cti.store.inbox`) and read here at the next pass, in the order in which it was recorded there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from cti.i18n import mark
from cti.problems import closest
from cti.sources.base import (
    Batch,
    Context,
    Counts,
    Pushed,
    Quarantined,
    SourceOptions,
    State,
    settings_digest,
)
from cti.sources.columns import Codes, RowOptions, code_table
from cti.sources.http.kinds import FIELDS, KINDS
from cti.sources.row_readings import row_readings
from cti.sources.rows import Mapper, Row
from cti.sources.settings import read_date_format, refuse_citizen_number, wrong
from cti.sources.spool import RowOf

FORM = "1"
"""Raised when this module reads the same event differently, so that what could not be read is read again."""

PARTS = tuple(kind.part for kind in KINDS.values() if kind.part)

REMEMBERED = timedelta(days=30)
"""How long a deletion is remembered of something that may not have been told yet: deliveries overtake each other."""


def _check_types(types: dict[str, str]) -> dict[str, str]:
    for kind in types.values():
        if kind not in KINDS:
            raise wrong(
                mark('{key}: "{name}" is no kind of event; there are {kinds}'),
                name=kind,
                kinds=list(KINDS),
                guess=closest(kind, KINDS),
            )
    return types


def _check_fields(fields: dict[str, str]) -> dict[str, str]:
    for name, called in fields.items():
        if name not in FIELDS:
            raise wrong(
                mark('{key}: "{name}" is no field of an event; there are {fields}'),
                name=name,
                fields=list(FIELDS),
                guess=closest(name, FIELDS),
            )
        refuse_citizen_number(called)
    return fields


class Options(SourceOptions):
    """The settings of an `http` source: one sender, told by its secret or its token."""

    secret: SecretStr | None = Field(
        default=None,
        description="What the sender signs with, as Standard Webhooks has it: whsec_ and the base64 of 24 to 64 random bytes.",
    )
    token: SecretStr | None = Field(
        default=None,
        description="What the sender shows instead, as Authorization: Bearer; at least 32 characters.",
    )
    types: Annotated[dict[str, str], AfterValidator(_check_types)] = Field(
        default_factory=dict,
        description='The sender\'s own types of events, where they differ: { "org.example.placement" = "stay" }.',
    )
    fields: Annotated[dict[str, str], AfterValidator(_check_fields)] = Field(
        default_factory=dict,
        description='The names of fields of data where they differ: { situation = "facility" }.',
    )
    dates: Annotated[str, BeforeValidator(read_date_format)] = Field(
        default="yyyy-mm-dd",
        description='The order in which days are written, "dd-mm-yyyy"; ISO is always understood.',
    )
    codes: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description='The words that codes stand for, for each field or fact: situation = { CO = "crisis-shelter" }. A code '
        'that stands for "" says nothing.',
    )

    @property
    def rows(self) -> RowOptions:
        """The mapping of fields, as that of the columns of rows."""
        return RowOptions(
            name=self.name,
            type=self.type,
            team=self.team,
            timezone=self.timezone,
            columns=dict(self.fields),
            codes=self.codes,
            dates=self.dates,
        )


def read(options: Options, state: State, context: Context) -> Batch:
    """Reads what was pushed since; where the mapping changed, also what could not be read before.

    Raises Problems where the mapping does not fit the vocabulary.
    """
    codes = code_table(options.rows, context.vocabulary)
    settings = settings_digest(options, context.vocabulary, FORM)
    again = state.get("settings") != settings
    pushed = context.pushed(again)
    gone = _remembered(state.get("gone", {}), context.now)
    if not pushed:
        return Batch(state={"settings": settings, "gone": gone}, changed=False)
    mapper = _Mapper(options, context, codes)
    read: list[tuple[Pushed, Row]] = []
    quarantined: list[Quarantined] = []
    unread: list[int] = []
    for one in pushed:
        found = mapper.read(one)
        if isinstance(found, Row):
            read.append((one, found))
        else:
            quarantined.append(found)
            unread.append(one.number)
    silent = sum(row.silent for _, row in read)
    readings, unsaid = row_readings(_in_order(read, gone, mapper), options.name)
    for one, row in read:
        if one.kind == "retracted":
            gone[row.ref] = max(gone.get(row.ref, ""), one.recorded.isoformat())
    return Batch(
        readings,
        {"settings": settings, "gone": gone},
        quarantined=tuple(quarantined),
        afresh=None if again else frozenset(),
        counts=Counts(len(read) - silent, {"codes": silent} if silent else {}, len(quarantined)),
        unsaid=unsaid,
        taken=tuple(one.number for one, _ in read),
        unread=tuple(unread),
    )


class _Mapper:
    """Reads events as rows of which the columns are the fields of their kind."""

    def __init__(self, options: Options, context: Context, codes: dict[str, Codes]) -> None:
        rows, zone = options.rows, options.zone(context)
        self._source = options.name
        self._columns: dict[str, tuple[str, ...]] = {}
        self._mappers: dict[str, Mapper] = {}
        for name, kind in KINDS.items():
            columns = (*(field.name for field in kind.all_fields), "client", "recorded")
            places = {column: place for place, column in enumerate(columns)}
            self._columns[name] = columns
            self._mappers[name] = Mapper(rows, context.vocabulary, codes, places, zone)

    def parts(self, kind: str) -> tuple[str, ...]:
        """The parts of its record that an event of this kind tells, or takes back by not mentioning them."""
        return self._mappers[kind].parts if KINDS[kind].part else PARTS

    def read(self, one: Pushed) -> Row | Quarantined:
        said = {**one.fields, "client": one.client, "recorded": one.recorded.isoformat()}
        cells = [said.get(column, "") for column in self._columns[one.kind]]
        row = self._mappers[one.kind].read(cells, self._source, one.number)
        if isinstance(row, Quarantined) or row.parts or row.silent or not KINDS[one.kind].part:
            return row
        # A row without anything takes its record back; an event says so by its type.
        reason = mark("the event does not say what it tells; its data lacks a field that it needs")
        [first, *_] = [field.name for field in KINDS[one.kind].fields]
        return Quarantined(row.ref, self._source, one.number, first, "", reason)


def _in_order(read: Sequence[tuple[Pushed, Row]], gone: Mapping[str, str], mapper: _Mapper) -> list[RowOf]:
    """The rows as they were recorded, with the deletions that had overtaken them; of one time, deletions last."""
    rows = [
        (row.recorded, not KINDS[one.kind].part, one.number, row, mapper.parts(one.kind)) for one, row in read
    ]
    for ref in {row.ref for _, row in read} & gone.keys():
        at = datetime.fromisoformat(gone[ref])
        rows.append((at, True, 0, Row(ref, "", at, {}), PARTS))
    rows.sort(key=lambda entry: entry[:3])
    return [(row, parts) for *_, row, parts in rows]


def _remembered(gone: Mapping[str, str], now: datetime) -> dict[str, str]:
    """The deletions that may still be news, each with when it was recorded."""
    return {ref: at for ref, at in gone.items() if now - datetime.fromisoformat(at) < REMEMBERED}
