"""Messages that were made to break whoever reads them, or to make them tell or fetch something."""

from __future__ import annotations

from pathlib import Path

import pytest

from cti.sources.iwmo.message import MAX_BYTES
from tests.sources.build import faults, notes, now_says
from tests.sources.iwmo.messages import Post, citizen, message, started

WHOLE = message("305", "2026-01-06", [started("16", "2026-01-05")], number=7)
DECLARATION, BODY = WHOLE.split("\n", 1)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


@pytest.fixture
def post(tmp_path: Path) -> Post:
    """A folder with a good message, which must be read whatever stands beside it."""
    return Post(tmp_path / "messages").send(
        "305", "2026-01-06", started("15", "2026-01-07", number=9), client=2
    )


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE m:Bericht>",
        f'<!DOCTYPE m:Bericht [<!ENTITY l0 "ha">{LAUGHS}]>',
        '<!DOCTYPE m:Bericht [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE m:Bericht SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE m:Bericht [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>',
    ],
    ids=["empty", "laughs", "file", "fetched", "parameter"],
)
def test_a_document_type_is_refused_whatever_it_declares(post: Post, doctype: str) -> None:
    body = BODY.replace(citizen(1), "&l11;") if "l11" in doctype else BODY
    post.put("bad.xml", f"{DECLARATION}\n{doctype}\n{body}")
    batch = post.read()
    assert [said.partition(": ")[2] for said in faults(batch)] == [
        "it declares a document type, which no iWmo message does; it is not read any further"
    ]
    assert set(now_says(batch.readings)) == {"0363-9 stay:2026-01-07"}


@pytest.mark.parametrize(
    "bad",
    [
        WHOLE.replace("</m:Client>", "</m:Cliënt>"),
        WHOLE.replace(citizen(1), "&x;"),
        WHOLE.replace('encoding="UTF-8"', 'encoding="no-such"'),
        WHOLE.replace("<m:Geslacht>1", "<m:Geslacht>\x01"),
        WHOLE + WHOLE,
        WHOLE.replace("<m:Geslacht>1</m:Geslacht>", "<m:a>" * 100_000),
        WHOLE.replace("<m:Begindatum>", "<m:Begindatum>" + "9" * 2_000_000),
        WHOLE.replace(citizen(1), "٩" * 9),
    ],
    ids=["tags", "entity", "encoding", "control", "twice", "deep", "long", "digits"],
)
def test_a_message_that_is_broken_costs_itself_only_and_shows_nothing(post: Post, bad: str) -> None:
    post.put("bad.xml", bad)
    batch = post.read()
    assert len(batch.quarantined) == 1
    assert len(repr(batch.quarantined)) < 1000
    assert set(now_says(batch.readings)) == {"0363-9 stay:2026-01-07"}


def test_depth_where_nothing_is_read_costs_nothing(post: Post) -> None:
    deep = "<i:a>" * 50_000 + "</i:a>" * 50_000
    post.put("deep.xml", WHOLE.replace("<m:Geslacht>1", f"<m:Geslacht>{deep}"))
    assert len(post.read().readings) > 2


def test_a_file_that_is_larger_than_any_message_is_not_opened(post: Post) -> None:
    file = post.folder / "large.xml"
    with file.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    (said,) = faults(post.read())
    assert "larger than 25 megabytes" in said


def test_bytes_that_are_no_text_are_refused(post: Post) -> None:
    (post.folder / "bad.xml").write_bytes(b"\x00\xff\xfe<" * 100)
    assert len(post.read().quarantined) == 1


def test_a_citizen_number_that_stands_for_everybody_is_left_out_and_costs_no_time(post: Post) -> None:
    several = [started("16", f"2026-01-{n % 28 + 1:02}", number=n) for n in range(101, 4101)]
    post.send("305", "2026-02-01", *several, client=7)
    batch = post.read()
    assert batch.counts.left_out == {"citizen number": 4000}
    assert batch.counts.read == 1
    assert {reading.id.ref for reading in batch.readings} == {"0363-9"}
    assert notes(batch)[-1].endswith("which is most likely a placeholder: 4000")
