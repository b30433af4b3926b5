"""The folder of messages: what is read, passed over, refused and waited for, and that nothing of a person is kept."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cti.core.events import Stay
from cti.sources.base import Batch
from tests.sources.build import faults, notes, now_says, problems_of
from tests.sources.iwmo.messages import (
    BORN,
    NAME,
    SECRET,
    STREET,
    Post,
    allocated,
    citizen,
    day,
    message,
    started,
    stopped,
)

START = started("16", "2026-01-05")


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path / "messages")


def counts(batch: Batch) -> tuple[int, dict[str, int], int]:
    return batch.counts.read, dict(batch.counts.left_out), batch.counts.quarantined


# --- what becomes of each message -------------------------------------------------------------------------------------


def test_every_product_and_every_other_message_is_counted_once(post: Post) -> None:
    post.send("301", "2026-01-02", allocated("15", "2026-01-05"), allocated("07", "2026-01-05", number=2))
    post.send("305", "2026-01-06", START, {**started("17", "2026-01-05", number=3), "Begindatum": "soon"})
    post.put("answer.xml", '<a:Bericht xmlns:a="http://www.istandaarden.nl/iwmo/3_2/wmo319/schema"/>')
    post.put("broken.xml", "<a></b>")
    batch = post.read()
    assert counts(batch) == (2, {"products": 1, "WMO319": 1}, 2)
    assert batch.counts.rows == 6
    assert notes(batch) == [
        "messages read: 1 × WMO301, 1 × WMO305",
        "messages passed over, as they begin and end no stay: 1 × WMO319",
    ]


@pytest.mark.parametrize(
    "kind", ["302", "306", "308", "315", "316", "317", "318", "319", "320", "323", "325"]
)
def test_messages_that_tell_of_no_stay_are_passed_over_by_name(post: Post, kind: str) -> None:
    post.put(
        "m.xml", f'<a:Bericht xmlns:a="http://www.istandaarden.nl/iwmo/3_2/wmo{kind}/schema"><a:Header/>'
    )
    assert counts(post.read()) == (0, {f"WMO{kind}": 1}, 0)


@pytest.mark.parametrize("version", ["2_4", "3_1", "3_0", "2_0"])
def test_a_message_of_another_version_is_refused_by_its_name_and_version(post: Post, version: str) -> None:
    post.put("old.xml", message("305", "2026-01-06", [START], version=version))
    (said,) = faults(post.read())
    assert said.startswith("old.xml:2  BerichtVersie=: a message WMO305 of version ")
    assert f"of version {version.replace('_', '.')} of iWmo; only version 3.2 is read" in said


def test_the_version_in_the_header_counts_as_well(post: Post) -> None:
    post.put(
        "a.xml",
        message(
            "307", "2026-01-06", [stopped("16", "2026-01-01", "2026-01-02")], header={"BerichtVersie": "2"}
        ),
    )
    post.put(
        "b.xml",
        message("301", "2026-01-06", [allocated("16", "2026-01-01")], header={"BerichtSubversie": "1"}),
    )
    first, second = faults(post.read())
    assert "a message WMO307 of version 2 of iWmo" in first and first.startswith("a.xml:5 ")
    assert "a message WMO301 of version 3.1 of iWmo" in second and second.startswith("b.xml:6 ")


def test_an_old_version_is_refused_in_dutch_too(post: Post) -> None:
    post.put("old.xml", message("305", "2026-01-06", [START], version="2_4"))
    (entry,) = post.read().quarantined
    assert "een bericht WMO305 van versie 2.4 van iWmo" in entry.sentence("nl")


@pytest.mark.parametrize(
    "text",
    [
        "<a/>",
        '<Bericht xmlns="http://www.istandaarden.nl/ijw/3_2/jw305/schema"/>',
        "<html><body>305</body></html>",
    ],
)
def test_what_is_no_message_is_refused(post: Post, text: str) -> None:
    post.put("m.xml", text)
    assert [said.partition(": ")[2] for said in faults(post.read())] == ["not a message of iWmo"]


def test_a_message_that_the_version_does_not_have_is_refused(post: Post) -> None:
    post.put("m.xml", '<a:Bericht xmlns:a="http://www.istandaarden.nl/iwmo/3_2/wmo303/schema"/>')
    assert [said.partition(": ")[2] for said in faults(post.read())] == ["WMO303 is no message of iWmo 3.2"]


# --- the structure ----------------------------------------------------------------------------------------------------

WHOLE = message("305", "2026-01-06", [START], number=77)


@pytest.mark.parametrize(
    ("here", "there", "said"),
    [
        ("<m:Geslacht>1</m:Geslacht>\n", "", ":18 Geslacht=: Geslacht is missing"),
        ("<m:Geslacht>1</m:Geslacht>", "<m:Sekse>1</m:Sekse>", ":18 Sekse=: Sekse does not belong here"),
        ("<m:Geslacht>", "<i:Geslacht>", ":18 Geslacht=: Geslacht does not belong here"),
        ("<m:Afzender>65656055</m:Afzender>", "<m:Afzender>0363</m:Afzender>", ":7 Afzender=0•••: not the AGB code"),
        ("<m:BerichtCode>418<", "<m:BerichtCode>420<", ":4 BerichtCode=4••: not a code that iWmo 3.2 has here; it has 418"),
        ("<i:Dagtekening>2026-01-06<", "<i:Dagtekening>06-01-2026<", ":11 Dagtekening=0•••••••••: not a day"),
        ("<i:Identificatie>77<", "<i:Identificatie>1234567890123<", ":10 Identificatie=1••••••••••••: not written as"),
        ("<m:Header>", "<m:Header>hello", ":3 Header=: Header does not belong here"),
        ("</m:Naam>", "</m:Naam><m:Naam/>", ":19 Naam=: Naam does not belong here"),
    ],
)  # fmt: skip
def test_a_message_with_another_structure_is_quarantined_with_its_place(
    post: Post, here: str, there: str, said: str
) -> None:
    changed = WHOLE.replace(here, there).replace(here.replace("<m:", "</m:"), there.replace("<i:", "</i:"))
    assert changed != WHOLE
    post.put("m.xml", changed)
    (found,) = faults(post.read())
    assert found.replace("  ", " ").startswith(f"m.xml{said}")


@pytest.mark.parametrize(
    ("kind", "product", "said"),
    [
        ("305", {**START, "StatusAanlevering": "2"}, "StatusAanlevering=2: not a code that iWmo 3.2 has here; it has 1, 3"),
        ("305", {**START, "product": "19"}, "Categorie=1•: not a code that iWmo 3.2 has here; it has 01, 02"),
        ("305", {**START, "product": "16/TOOLONG"}, "Code=T••••••: not written as iWmo 3.2 has it"),
        ("305", {**START, "Begindatum": "2026-02-30"}, "Begindatum=2•••••••••: not a day"),
        ("305", {**START, "ToewijzingNummer": "1234567890"}, "ToewijzingNummer=1•••••••••: not written"),
        ("305", {"product": "16", "StatusAanlevering": "1"}, "Begindatum=: Begindatum is missing"),
        ("305", {"Begindatum": "2026-01-05", "StatusAanlevering": "1"}, "ToewijzingNummer=: neither a"),
        ("305", {**START, "Extra": "1"}, "Extra=: Extra does not belong here"),
        ("307", stopped("16", "2026-01-05", "2026-02-01", "34"), "RedenBeeindiging=3•: not a code"),
        ("307", stopped("16", "2026-01-05", "2026-01-04"), "Einddatum=2•••••••••: the Einddatum lies before the Begindatum"),
        ("301", allocated("16", "2026-01-05", "2025-01-04"), "Einddatum=2•••••••••: the Einddatum lies before the Ingangsdatum"),
        ("301", {**allocated("16", "2026-01-05"), "RedenWijziging": "15"}, "RedenWijziging=1•: not a code"),
    ],
)  # fmt: skip
def test_a_product_that_is_wrong_costs_no_other(
    post: Post, kind: str, product: dict[str, str], said: str
) -> None:
    good = {"301": allocated("15", "2026-01-07", number=9), "305": started("15", "2026-01-07", number=9)}
    other = good.get(kind, stopped("15", "2026-01-01", "2026-01-07", number=9))
    post.send(kind, "2026-01-06", product, other)
    batch = post.read()
    (fault,) = faults(batch)
    assert said in fault
    assert ("0363-1 " in fault) == (product.get("ToewijzingNummer") == "1")
    assert batch.counts.read == 1
    assert {reading.id.ref for reading in batch.readings} == {"0363-9"}


# --- nothing of a person ----------------------------------------------------------------------------------------------


def test_nothing_of_a_person_leaves_the_parser(post: Post) -> None:
    post.send("301", "2026-01-02", allocated("15", "2026-01-05"), interpreter=True)
    post.send("305", "2026-01-06", {**START, "Begindatum": "wrong"}, started("15", "2026-01-05", number=2))
    post.put("x.xml", WHOLE.replace(citizen(1), citizen(1) + "7"))
    batch = post.read()
    told = repr((batch.readings, batch.quarantined, batch.notes)) + json.dumps(batch.state)
    assert batch.readings and len(batch.quarantined) == 2
    for private in (citizen(1), citizen(1)[:4], NAME, BORN, STREET, "Deens", SECRET):
        assert private not in told


def test_one_citizen_is_one_reference_in_all_messages_and_another_under_another_key(post: Post) -> None:
    post.send("301", "2026-01-02", allocated("15", "2026-01-05"))
    post.send("305", "2026-01-06", started("15", "2026-01-05"))
    post.send("305", "2026-01-06", started("15", "2026-01-05", number=2), client=2)
    ours = {reading.client for reading in post.read().readings}
    theirs = {reading.client for reading in post.read(secret=SECRET[::-1]).readings}
    assert len(ours) == len(theirs) == 2 and not ours & theirs
    assert all(re.fullmatch("[0-9a-f]{16}", client) for client in ours)


def test_a_short_key_is_refused(post: Post) -> None:
    with pytest.raises(ValueError, match="shorter than"):
        post.read(secret="too short")


# --- the mapping ------------------------------------------------------------------------------------------------------


def test_words_that_the_vocabulary_lacks_are_told_with_what_was_meant(post: Post) -> None:
    post.send("305", "2026-01-06", START)
    said = problems_of(post.folder, "iwmo", path=".", secret=SECRET, products={"16": "crisis-shleter"})
    assert said == [
        'source "reg": products.16 = "crisis-shleter", a situation that the vocabulary lacks; did you mean "crisis-shelter"?'
    ]


@pytest.mark.parametrize(
    ("setting", "value"),
    [("products", {"19": "street"}), ("products", {"opvang": "street"}), ("reasons", {"34": ""}), ("planned_ends", ["x"])],
)  # fmt: skip
def test_codes_that_the_standard_lacks_are_refused(post: Post, setting: str, value: Any) -> None:
    with pytest.raises(ValueError, match="is no "):
        post.read(**{setting: value})


# --- file by file -----------------------------------------------------------------------------------------------------


def test_nothing_is_read_again_where_nothing_changed(post: Post) -> None:
    first = post.send("305", "2026-01-06", START).read()
    again = post.read(first.state)
    assert first.changed and not again.changed
    assert not again.readings and again.state == first.state
    post.send("307", "2026-02-02", stopped("16", "2026-01-05", "2026-02-01"))
    assert post.read(first.state).changed


def test_another_mapping_or_key_reads_everything_again(post: Post) -> None:
    state = post.send("305", "2026-01-06", START).read().state
    assert post.read(state, products={"16": "street"}).changed
    assert post.read(state, secret=SECRET[::-1]).changed


def test_the_same_message_twice_says_nothing_more(post: Post) -> None:
    once = now_says(post.put("a.xml", WHOLE).read().readings)
    assert now_says(post.put("b.xml", WHOLE).read().readings) == once


def test_a_file_that_is_being_written_is_waited_for_and_then_told(post: Post) -> None:
    post.put("m.xml", WHOLE[:900])
    first = post.read()
    assert notes(first) == ["m.xml is empty or not complete yet; it is read when it is"]
    assert first.counts.rows == 0
    assert "the message ends before it is complete" in faults(post.read(first.state))[0]
    post.put("m.xml", WHOLE)
    whole = post.read(first.state)
    assert now_says(whole.readings) == {"0363-1 stay:2026-01-05": Stay("crisis-shelter", day("1-5"))}
    assert faults(whole) == [] and whole.state["waiting"] == {}


def test_a_folder_that_is_not_there_is_told(post: Post) -> None:
    assert problems_of(post.folder.parent, "iwmo", path="nowhere", secret=SECRET) == [
        'source "reg": there is no file or folder nowhere'
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_messages_are_read_in_the_encoding_that_they_name(post: Post, encoding: str) -> None:
    post.put("m.xml", "")
    text = WHOLE.replace("UTF-8", encoding.removesuffix("-sig")).replace(NAME, "Coëlho")
    (post.folder / "m.xml").write_bytes(text.encode(encoding))
    batch = post.read()
    assert faults(batch) == [] and batch.counts.read == 1
