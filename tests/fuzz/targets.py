"""What is fed: each reader of what comes from outside. It may refuse, in the way it says it does; it may not fail in another way,
hang, or take what is not valid."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal
from zlib import crc32

from cti.config import load
from cti.core.events import Assignment, Closed, Expected, Fact, Stay, Value
from cti.core.planner import plan
from cti.core.vocabulary import FactKind
from cti.post.markdown import to_html, to_text
from cti.post.texts import TextError, Texts
from cti.problems import Problem, Problems
from cti.rulebook.check import read_with_tests
from cti.rulebook.folder import read_folder, see_rules
from cti.rulebook.seen import Seen
from cti.rulebook.texts import VARIABLES, check_text
from cti.sentences import reason
from cti.sources import csv, hmis_csv
from cti.sources.base import Batch
from cti.sources.columns import code_table, place_columns
from cti.sources.csv_file import Form, read_stream
from cti.sources.files import scan
from cti.sources.hmis_csv.tables import Export, read_tables
from cti.sources.parse import FIRST_YEAR, OPEN_YEAR, usable_id
from cti.sources.row_readings import row_readings
from cti.sources.rows import Mapper
from cti.sources.since import Since
from cti.sources.snapshots import Read, collect, counts_of, snapshot_notes, snapshot_readings
from tests.core.build import expected, fact, history, stay, worker
from tests.faults import write
from tests.project import ROOT
from tests.rulebook.house import CALENDAR, DESKS, FILES, LANGUAGES
from tests.sources.build import HOME, WORDS, context, read
from tests.sources.hmis import Hmis

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


# --- sources ----------------------------------------------------------------------------------------------------------

FACTS = {"trust": "trust", "review-date": "review", "children": "children"}
EVENTS = """\
id,client,recorded,situation,begin,end,destination,worker,trust,review,children,retracted
s1,c1,2026-01-05T09:00:00,crisis-shelter,2026-01-04,,,w1,growing,,2,
s1,c1,2026-02-05T09:00:00,crisis-shelter,2026-01-04,2026-02-04,own-home,w1,yes,2026-05-01,2,
s2,c2,2026-02-06 10:00,street,2026-02-01,2026-02-09,crisis-shelter,w2,,,,
s3,c2,2026-02-10T10:00:00+01:00,long-stay,2026-02-09,,,w2,no,,0,yes
"""
SNAPSHOT = """\
id;client;situation;begin;end;worker;expected;trust;review;children
s1;c1;crisis-shelter;2026-01-04;;w1;own-home;growing;;2
s2;c2;long-stay;04-01-2026;2026-02-04;w2;;"yes";2026-05-01;0
s3;"c;3";at-risk;2026-02-01;;;;;;
"""


def _taken(batch: Batch) -> None:
    """Raises where something was read that nobody may say, or a value shows in quarantine."""
    for reading in batch.readings:
        # A row that was deleted may not say whose it was.
        assert usable_id(reading.client) or reading.event is None, reading
        assert usable_id(reading.id.ref), reading
        assert reading.recorded is None or reading.recorded.utcoffset() is not None, reading
        match reading.event:
            case Stay(situation, begin, end, destination):
                assert {situation, destination or situation} <= WORDS.situations.keys(), reading
                assert end is None or end >= begin, reading
                assert _is_day(begin) and (end is None or _is_day(end)), reading
            case Expected(situation, day):
                assert situation in WORDS.situations and (day is None or _is_day(day)), reading
            case Fact(name, value, day):
                assert _is_day(day) and _fits(WORDS.facts[name], value), reading
            case Assignment(day, who, team):
                assert _is_day(day) and all(one is None or usable_id(one) for one in (who, team)), reading
            case Closed(day, _, until):
                assert _is_day(day) and (until is None or _is_day(until)), reading
    for fault in batch.quarantined:
        assert set(fault.value[1:]) <= {"•"} and len(fault.value) <= 16, fault
        _said(*(fault.sentence(lang) for lang in LANGUAGES))
    _said(*(note.sentence(lang) for note in batch.notes for lang in LANGUAGES))
    _problems(batch.problems)
    assert batch.counts.rows >= batch.counts.read >= 0


def _is_day(day: date) -> bool:
    return FIRST_YEAR <= day.year <= OPEN_YEAR


def _fits(kind: FactKind, value: Value) -> bool:
    match kind.type:
        case "choice":
            return value in kind.values
        case "date":
            return isinstance(value, date) and _is_day(value)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e16
        case _:
            return isinstance(value, bool)


def _whole_way(data: bytes) -> bool:
    """One input in fifty goes the whole way: through a file, a database, a folder. For the others that would take most of the
    time, and never differs."""
    return crc32(data) % 50 == 0


@cache
def _form(mode: Literal["events", "snapshots"]) -> Form:
    options = csv.Options(name="reg", type="csv", path=".", mode=mode, facts=FACTS)
    return Form(options, WORDS, code_table(options, WORDS), HOME, "auto", None)


def _csv(mode: Literal["events", "snapshots"], folder: Path, data: bytes) -> None:
    try:
        if _whole_way(data):
            (folder / "export-2026-03-01.csv").write_bytes(data)
            _taken(read(folder, "csv", path=".", mode=mode, facts=FACTS))
            return
        since = Since({}, date(2026, 3, 1)) if mode == "snapshots" else None
        _rows(read_stream("e.csv", BytesIO(data), scan(BytesIO(data)), _form(mode), since)[0], mode)
    except Problems as refused:
        _problems(refused.problems)


def _rows(found: Read, mode: Literal["events", "snapshots"]) -> None:
    if mode == "events":
        readings, unsaid = row_readings([(row, found.parts) for row in found.rows], "reg")
        _taken(Batch(readings, quarantined=tuple(found.quarantined), counts=counts_of(found), unsaid=unsaid))
    else:
        said = snapshot_readings(found, "reg")
        _taken(
            Batch(
                said,
                quarantined=tuple(found.quarantined),
                counts=counts_of(found),
                notes=snapshot_notes(found),
            )
        )


def _sql(folder: Path, data: bytes) -> None:
    """The cells of the input as values of a database, which has them in more kinds than text."""
    rows = [line.split(b",") for line in data.splitlines()]
    columns = EVENTS.splitlines()[0].split(",")
    if not _whole_way(data):
        form = _form("events")
        mapper = Mapper(form.options, WORDS, form.codes, place_columns(form.options, columns, "reg"), HOME)
        cells = ([_value(cell) for cell in [*row, *[b""] * len(columns)][: len(columns)]] for row in rows)
        entries = (mapper.read(one, "reg", None) for one in cells)
        _rows(collect(entries, mapper.parts, form.options), "events")
        return
    file = folder / "registration.db"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("DROP TABLE IF EXISTS stays")
        database.execute(f"CREATE TABLE stays ({', '.join(columns)})")
        marks = ", ".join("?" * len(columns))
        values = [[_value(cell) for cell in [*row, *[b""] * len(columns)][: len(columns)]] for row in rows]
        database.executemany(f"INSERT INTO stays VALUES ({marks})", values)
    try:
        _taken(read(folder, "sql", url=f"sqlite:///{file}", query="SELECT * FROM stays", facts=FACTS))
    except Problems as refused:
        _problems(refused.problems)


def _value(cell: bytes) -> object:
    for kind in (int, float):
        try:
            number = kind(cell)
        except (ValueError, OverflowError):
            continue
        return number if not isinstance(number, int) or abs(number) < 2**63 else cell
    try:
        return cell.decode() or None
    except UnicodeDecodeError:
        return cell


@cache
def _hmis_files() -> dict[str, str]:
    with TemporaryDirectory() as folder:
        made = Hmis(Path(folder)).enrol(1, 1).enrol(2, 3, MoveInDate="2026-02-01").enrol(3, 12)
        return made.leave(1, destination=410).leave(3, destination=118).night(1, "2026-01-12").files()


def _hmis(folder: Path, data: bytes) -> None:
    """One file of an export, named in the first line of the input, and the others as they should be."""
    name, _, content = data.partition(b"\n")
    called = name.decode("ascii", errors="ignore").strip()
    files = {file: content if file == called else text.encode() for file, text in _hmis_files().items()}
    try:
        if _whole_way(data):
            for file, text in files.items():
                (folder / f"{file}.csv").write_bytes(text)
            _taken(read(folder, "hmis-csv", path="."))
            return
        export = Export({file: partial(BytesIO, text) for file, text in files.items()}, {})
        options = hmis_csv.Options(name="reg", type="hmis-csv", path=".")
        _taken(
            hmis_csv.read_tables_of(options, read_tables(export, None), {}, {"expected": {}}, context(folder))
        )
    except Problems as refused:
        _problems(refused.problems)


def _zip(folder: Path, data: bytes) -> None:
    (folder / "export.zip").write_bytes(data)
    try:
        _taken(read(folder, "hmis-csv", path="export.zip"))
    except Problems as refused:
        _problems(refused.problems)


@cache
def _zipped() -> bytes:
    with TemporaryDirectory() as folder:
        return Hmis(Path(folder)).enrol(1, 1).leave(1, destination=410).zip().read_bytes()


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
    if "tests" in file or _whole_way(data):
        checked = read_with_tests(rules, LANGUAGES, texts, DESKS, seen=seen)
        _problems(checked.problems)
        loaded = checked.loaded
    else:
        loaded = read_folder(rules, LANGUAGES, texts, DESKS, seen=seen)
        _problems(loaded.problems)
    rulebook = loaded.rulebook
    wrong = any(problem.level == "error" for problem in loaded.problems)
    assert (rulebook is None) == wrong
    if rulebook is None:
        return
    for planned in plan(LIVED, rulebook, CALENDAR):
        assert planned.due is None or planned.due.utcoffset() is not None
        _said(*(reason(lang, planned, rulebook, CALENDAR) for lang in LANGUAGES))


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
    _problems(found)
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
        _problems(refused.problems)
        return
    assert config.languages and config.calendar.zone and config.sources is not None
    _problems(config.warnings)


def _problems(found: Sequence[Problem]) -> None:
    """Raises where a problem cannot be said."""
    _said(*(problem.sentence(lang) for problem in found for lang in LANGUAGES))


def _said(*sentences: str) -> None:
    assert all(sentences), "nothing is said"


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
    hmis = [f"{name}\n{text}".encode() for name, text in _hmis_files().items()]
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
        Target("csv-events", [EVENTS.encode()], _words(EVENTS), partial(_csv, "events"), head=1),
        Target(
            "csv-snapshots", [SNAPSHOT.encode()], _words(SNAPSHOT, ";"), partial(_csv, "snapshots"), head=1
        ),
        Target("sql", [EVENTS.encode()], _words(EVENTS), _sql),
        Target("hmis-csv", hmis, _words(*_hmis_files().values()), _hmis, head=2),
        Target(
            "hmis-zip", [_zipped()], [b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"Exit.csv", b"/"], _zip
        ),
        _rule_target("rules/crisis-intake.toml", "rules/review-date.toml"),
        _rule_target("rules/vocabulary.toml"),
        _rule_target("rules/tests/whole-way.toml", "rules/tests/crisis-intake.toml"),
        Target("text", [text.encode()], [*_words(text), *(word.encode() for word in braces)], _text),
        Target("config", [small.encode(), *sections], _words(example), _config),
    )
