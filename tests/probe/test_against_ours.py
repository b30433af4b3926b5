"""The mapping that a probe gives of a whole registration, held against the one that we would write: at most two places differ."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Date, DateTime, MetaData, String, Table, create_engine, insert

from cti.core.vocabulary import Vocabulary
from cti.probe.looking import Found, look
from cti.probe.written import config_text
from cti.rulebook.folder import read_folder
from cti.sample.events import HEADER
from cti.sample.organisation import write as write_sample
from cti.shipped import folder
from cti.sources.base import Context
from tests import postgres
from tests.sources.build import HOME

MOST = 2
TODAY = date(2026, 3, 9)
CODED = ("situation", "destination", "expected")
DAYS = ("begin", "end", "expected_day", "day", "closed", "closed_until")

PLAIN = {
    "id": "Registratienummer",
    "client": "Cliëntnummer",
    "recorded": "Vastgelegd op",
    "retracted": "Verwijderd",
    "situation": "Voorziening",
    "begin": "Begindatum",
    "end": "Einddatum",
    "destination": "Uitstroom naar",
    "expected": "Verwachte situatie",
    "expected_day": "Verwachte datum",
    "fact": "Kenmerk",
    "value": "Waarde",
    "day": "Datum",
    "worker": "Begeleider",
    "team": "Team",
    "closed": "Dossier gesloten",
    "closed_until": "Gesloten tot",
}
WORDY = {
    "id": "Traject-ID",
    "client": "Cliëntcode",
    "recorded": "Mutatiedatum",
    "retracted": "Vervallen",
    "situation": "Soort verblijf",
    "begin": "Startdatum verblijf",
    "end": "Einddatum verblijf",
    "destination": "Bestemming na uitstroom",
    "expected": "Geplande situatie",
    "expected_day": "Geplande datum",
    "fact": "Gegeven",
    "value": "Waarde",
    "day": "Peildatum",
    "worker": "Persoonlijk begeleider",
    "team": "Afdeling",
    "closed": "Afgesloten op",
    "closed_until": "Afgesloten tot",
}
OF_A_DATABASE = {
    "id": "traject_id",
    "client": "client_nr",
    "recorded": "gewijzigd_op",
    "retracted": "ingetrokken",
    "situation": "woonvorm",
    "begin": "van",
    "end": "tot",
    "destination": "vertrokken_naar",
    "expected": "verwachte_situatie",
    "expected_day": "verwachte_datum",
    "fact": "kenmerk",
    "value": "waarde",
    "day": "datum",
    "worker": "medewerker",
    "team": "team",
    "closed": "gesloten",
    "closed_until": "gesloten_tot",
}
WORDS = {
    "at-risk": "Dreigende huisuitzetting",
    "kept-home": "Woning behouden",
    "street": "Op straat",
    "crisis-shelter": "Crisisopvang",
    "long-stay": "Beschermd wonen",
    "own-home": "Eigen woning",
    "with-others": "Bij familie",
    "institution": "Ziekenhuis",
}
ABBREVIATED = {
    "at-risk": "Preventie",
    "kept-home": "Ontruiming afgewend",
    "street": "Dakloos, buiten",
    "crisis-shelter": "CO",
    "long-stay": "BW",
    "own-home": "Zelfstandig",
    "with-others": "Inwonend",
    "institution": "Detentie",
}


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    rulebook = read_folder(folder("rules"), ("nl", "en"), folder("templates"), ()).rulebook
    assert rulebook is not None
    return rulebook.vocabulary


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """The sample's event rows, as texts."""
    place = tmp_path_factory.mktemp("sample")
    write_sample(place, today=TODAY, clients=60)
    with (place / "export" / "events.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def probed(what: str, place: Path, vocabulary: Vocabulary) -> Found:
    return look(what, Context(vocabulary, HOME, datetime(2026, 3, 10, tzinfo=UTC), place))


def places(settings: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, object]]:
    """Every place of a mapping with what stands there."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from places(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def differences(found: Found, ours: Mapping[str, Any]) -> list[str]:
    """The places in which the mapping, as it is written for a config, differs from ours."""
    [theirs] = tomllib.loads(config_text(found, "en"))["sources"]
    one, other = dict(places(theirs)), dict(places(ours))
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def codes_of(words: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Destinations and expectations know the codes of situations as well: only theirs alone stand apart."""
    stays = ("at-risk", "street", "crisis-shelter", "long-stay", "own-home")
    return {
        "situation": {words[name]: name for name in stays},
        "destination": {word: name for name, word in words.items() if name not in stays},
    }


@pytest.mark.parametrize(("columns", "words"), [(PLAIN, WORDS), (WORDY, ABBREVIATED)], ids=["plain", "wordy"])
def test_an_event_csv_with_dutch_column_names(
    columns: Mapping[str, str],
    words: Mapping[str, str],
    rows: Sequence[Mapping[str, str]],
    vocabulary: Vocabulary,
    tmp_path: Path,
) -> None:
    (tmp_path / "export").mkdir()
    with (tmp_path / "export" / "registraties.csv").open("w", encoding="cp1252", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(columns[name] for name in HEADER)
        writer.writerows([_in_dutch(name, row[name], words) for name in HEADER] for row in rows)
    found = probed("export", tmp_path, vocabulary)
    ours = {
        "name": "registration",
        "type": "csv",
        "path": "export",
        "dates": "dd-mm-yyyy",
        "columns": {name: called for name, called in columns.items() if called.casefold() != name},
        "codes": codes_of(words),
    }
    assert len(differences(found, ours)) <= MOST, differences(found, ours)
    assert found.read is not None
    assert (found.read.rows, found.read.unread) == (len(rows), {})


def _in_dutch(name: str, text: str, words: Mapping[str, str]) -> str:
    if name in CODED:
        return words.get(text, text)
    if name in DAYS and text:
        return f"{date.fromisoformat(text):%d-%m-%Y}"
    return "ja" if name == "retracted" and text else text


@pytest.mark.postgres
def test_a_postgresql_dump_of_the_sample(
    rows: Sequence[Mapping[str, str]], vocabulary: Vocabulary, tmp_path: Path
) -> None:
    if why := postgres.missing():
        pytest.skip(why)
    with postgres.postgres() as server:
        with postgres.postgres_database(server) as url:
            _into_database(url, rows)
            dump = postgres.dump(server, url)
        with postgres.postgres_database(server) as url:
            postgres.restore(server, url, dump)
            found = probed(url, tmp_path, vocabulary)
    ours = {
        "name": "registration",
        "type": "sql",
        "url": url,
        "query": "SELECT * FROM trajecten",
        "cursor": "gewijzigd_op",
        "columns": {name: called for name, called in OF_A_DATABASE.items() if called != name},
        "codes": codes_of(WORDS),
    }
    assert len(differences(found, ours)) <= MOST, differences(found, ours)
    assert found.read is not None
    assert (found.read.rows, found.read.unread) == (len(rows), {})


def _into_database(url: str, rows: Sequence[Mapping[str, str]]) -> None:
    """The registration as a database would have it: typed columns, and other tables beside it."""
    types: dict[str, type[Any]] = dict.fromkeys(DAYS, Date) | {"recorded": DateTime, "retracted": Boolean}
    made = MetaData()
    columns = [Column(OF_A_DATABASE[name], types.get(name, String)) for name in HEADER]
    stays = Table("trajecten", made, Column("volgnummer", String, primary_key=True), *columns)
    staff = Table("medewerkers", made, Column("id", String), Column("naam", String), Column("team", String))
    notes = Table(
        "notities", made, Column("client_nr", String), Column("datum", Date), Column("tekst", String)
    )
    engine = create_engine(url)
    with engine.begin() as tx:
        made.create_all(tx)
        tx.execute(
            insert(stays),
            [
                {"volgnummer": str(number)}
                | {OF_A_DATABASE[name]: _typed(name, row[name]) for name in HEADER}
                for number, row in enumerate(rows)
            ],
        )
        workers = sorted({row["worker"] for row in rows if row["worker"]})
        tx.execute(insert(staff), [{"id": one, "naam": one, "team": "north"} for one in workers])
        tx.execute(insert(notes), [{"client_nr": "c00001", "datum": TODAY, "tekst": "…"}])
    engine.dispose()


def _typed(name: str, text: str) -> object:
    if name == "retracted":
        return bool(text)
    if name in CODED:
        return WORDS.get(text, text) or None
    if not text:
        return None
    if name == "recorded":
        return datetime.fromisoformat(text)
    return date.fromisoformat(text) if name in DAYS else text


def test_the_public_hmis_export(samples: Path, vocabulary: Vocabulary) -> None:
    found = probed("hmis-fy2026", samples, vocabulary)
    ours = {"name": "registration", "type": "hmis-csv", "path": "hmis-fy2026"}
    assert differences(found, ours) == []
    assert found.read is not None
    assert found.read.unread == {}


def test_a_difference_is_counted(vocabulary: Vocabulary, tmp_path: Path) -> None:
    found = Found("csv", {"path": "export", "columns": {"id": "Nr", "client": "Wie"}})
    ours = {"name": "registration", "type": "csv", "path": "export", "columns": {"id": "No"}}
    assert differences(found, ours) == ["columns.client", "columns.id"]
