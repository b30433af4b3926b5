import email
import email.policy
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from cti.channels.folder import channel, file_name
from cti.channels.options import Options
from cti.core.calendar import Calendar
from cti.post.outbox import Retry, Tally, send_out
from tests.channels.build import NOW, Shelf, many, message, shelf

CALENDAR = Calendar()


def run(full: Shelf, folder: Path, **more: object) -> Tally:
    outbox = full.outbox(NOW, **more)  # type: ignore[arg-type]
    return send_out(outbox, channel(folder, Options(), CALENDAR), NOW)


def test_each_message_is_a_file_of_its_own(tmp_path: Path) -> None:
    full = many(3)
    assert run(full, tmp_path / "outbox") == Tally(sent=3)
    files = sorted((tmp_path / "outbox").iterdir())
    assert [file.name[:18] for file in files] == [
        "2026-03-16T0900-w1",
        "2026-03-16T0900-w2",
        "2026-03-16T0900-w3",
    ]
    letter = email.message_from_bytes(files[0].read_bytes(), policy=email.policy.default)
    assert (letter["To"], letter["From"]) == ("w1@example.org", "cti@localhost")
    assert letter["Subject"] == "Er staan 2 herinneringen voor je klaar"


def test_only_the_owner_can_read_them(tmp_path: Path) -> None:
    run(many(1), tmp_path / "outbox")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "outbox").iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "outbox").stat().st_mode) == 0o700


def test_names_sort_by_time_and_tell_nothing_of_clients() -> None:
    local = CALENDAR.local(NOW)
    one, two = message(1), message(2, person=None, message_id="<x@example.org>")
    assert file_name(one, local) == "2026-03-16T0900-w1-bdcf9097.eml"
    assert file_name(two, local).startswith("2026-03-16T0900-inbox-")
    assert file_name(one, local + timedelta(hours=13)) > file_name(one, local)


def test_a_persons_id_cannot_lead_out_of_the_folder() -> None:
    name = file_name(message(1, person="../../etc/w1 é"), CALENDAR.local(NOW))
    assert "/" not in name and ".." not in name and name.isascii()


def test_the_same_message_written_again_stands_there_once(tmp_path: Path) -> None:
    run(shelf(message(1)), tmp_path)
    run(shelf(message(1)), tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


def test_what_a_kill_left_half_is_written_over(tmp_path: Path) -> None:
    name = file_name(message(1), CALENDAR.local(NOW))
    (tmp_path / f".{name}.part").write_bytes(b"half a mail, and a good deal longer than the whole" * 100)
    run(shelf(message(1)), tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes().endswith(b"--\r\n")


def test_a_folder_that_cannot_be_written_delays_and_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be")
    full = many(3)
    tally = run(full, tmp_path / "outbox")
    assert (tally.sent, tally.retried, tally.failed) == (0, 3, 0)
    assert tally.error is not None and tally.error.endswith("outbox: File exists")
    assert full.outcomes[3] == [Retry(NOW + timedelta(minutes=1), tally.error)]


def test_what_is_no_address_is_final_here_too(tmp_path: Path) -> None:
    full = shelf(message(1, address="w1"), message(2))
    assert run(full, tmp_path).sent == 1
    assert full.failed == {1: "not a mail address"}


def test_a_service_that_is_stopped_ends_after_the_message_in_hand(tmp_path: Path) -> None:
    full = many(5)
    assert run(full, tmp_path, stop_after=2).sent == 2
    assert len(list(tmp_path.iterdir())) == 2
    assert full.claimed == set()
    run(full, tmp_path)
    assert full.sent == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("number", [0, 250])
def test_however_much_there_is_it_all_goes(tmp_path: Path, number: int) -> None:
    assert run(many(number), tmp_path) == Tally(sent=number)
