"""People who come from a list: they are told what is theirs, and a list that breaks off sends nobody away."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from cti.config import load
from cti.core.people import Away, Listed, Person
from cti.engine import System, Tick, tick
from cti.engine.absence import set_absence
from cti.engine.housekeeping import keep_house
from cti.engine.listing import taken
from cti.engine.outcome import SourceRead
from cti.engine.people import known_staff, speak, staff_known, staff_of
from cti.problems import Problems
from cti.sources.base import PeopleRead
from cti.store import held, people, schema, sources
from cti.store.database import open_database
from tests.engine.house import House, simple_rule, when

HEADER = "id,name,address,role,team,language,away_from,away_until,deputy"
FIRST = ("n1,new one,n1@example.org,,north,en", "n2,new two,n2@example.org,,north")

LIST = """
[[sources]]
name = "staff"
type = "people-csv"
path = "people.csv"
"""


@pytest.fixture
def house(tmp_path: Path) -> House:
    """w1, w2 and their lead stand in the config, n1 (who reads English) and n2 in a list."""
    made = House(tmp_path / "house", web=LIST)
    made.only_rule("intake", simple_rule(), call="Bel even")
    write(made, *FIRST)
    return made


def write(house: House, *rows: str) -> None:
    (house.folder / "people.csv").write_text("\n".join((HEADER, *rows)) + "\n")


def many(count: int) -> list[str]:
    return [f"p{n},person {n},p{n}@example.org,,north" for n in range(count)]


def to(mails: list[EmailMessage]) -> list[str]:
    return [str(mail["to"]).partition("@")[0] for mail in mails]


def listing(done: Tick) -> SourceRead:
    [found] = [one for one in done.sources if one.source == "staff"]
    return found


def known(house: House) -> list[str]:
    return sorted(staff_known(house.system).people)


# --- what becomes of prompts ------------------------------------------------------------------------------------------------


def test_a_client_moves_to_someone_new_in_the_list_who_is_told_in_their_language(house: House) -> None:
    house.moves_in("3-2", "a", "crisis-shelter")
    house.tick("3-3")
    write(house, *FIRST, "n3,new three,n3@example.org,,north,en")
    house.type_in("3-10", "x", worker="n3", day="2026-03-10")
    house.tick("3-10")
    house.tick("3-16")
    [mail] = house.mails()
    assert to([mail]) == ["n3"]
    assert mail["subject"] == "1 prompt is waiting for you"


def test_what_is_for_someone_who_leaves_the_list_goes_to_their_teams_inbox(house: House) -> None:
    house.moves_in("3-2", "a", "crisis-shelter", worker="n1")
    house.tick("3-3")
    write(house, FIRST[1])
    house.tick("3-16")
    assert to(house.mails()) == ["north"]
    with house.system.database.read() as tx:
        assert known_staff(tx, house.system).left == {"n1": "north"}
    # And to whoever takes over.
    house.type_in("3-17", "x", worker="n2", day="2026-03-17")
    house.tick("3-17")
    assert to(house.mails()) == ["north", "n2"]


def test_someone_who_comes_back_is_told_again(house: House) -> None:
    house.moves_in("3-2", "a", "crisis-shelter", worker="n1")
    house.tick("3-3")
    write(house, FIRST[1])
    house.tick("3-4")
    write(house, *FIRST)
    house.tick("3-16")
    assert to(house.mails()) == ["n1"]
    assert staff_known(house.system).left == {}


def test_an_absence_of_the_list_sends_to_the_deputy(house: House) -> None:
    house.moves_in("3-2", "a", "crisis-shelter", worker="n1")
    house.tick("3-3")
    write(house, f"{FIRST[0]},2026-03-14,2026-03-20,n2", FIRST[1])
    house.tick("3-16")
    assert to(house.mails()) == ["n2"]


def test_a_leave_list_of_its_own_tells_of_people_of_the_config_too(house: House) -> None:
    house.web = LIST + LIST.replace('"staff"', '"leave"').replace("people.csv", "leave.csv")
    (house.folder / "leave.csv").write_text("id,away_from,away_until,deputy\nw1,2026-03-14,2026-03-20,n1\n")
    house.configure()
    house.moves_in("3-2", "a", "crisis-shelter")
    house.tick("3-16")
    assert to(house.mails()) == ["n1"]


def test_what_is_for_people_of_a_list_waits_until_the_list_was_read_once(house: House) -> None:
    (house.folder / "people.csv").unlink()
    house.moves_in("3-2", "a", "crisis-shelter", worker="n1")
    house.moves_in("3-2", "b", "crisis-shelter", client="c2")
    done = house.tick("3-16")
    assert to(house.mails()) == ["w1"]
    [warning] = done.posting.problems
    said = "prompts for people whom nobody knows yet: 1; they wait until this list was read once: staff"
    assert (warning.sentence("en"), warning.level) == (said, "warning")
    write(house, *FIRST)
    house.tick("3-17")
    assert to(house.mails()) == ["w1", "n1"]


def test_a_list_that_begins_empty_was_not_read_yet(house: House) -> None:
    write(house)
    house.moves_in("3-2", "a", "crisis-shelter", worker="n1")
    house.tick("3-16")
    assert house.mails() == []
    write(house, *FIRST)
    house.tick("3-17")
    assert to(house.mails()) == ["n1"]


def test_a_list_that_cannot_be_read_any_more_changes_nothing(house: House) -> None:
    house.moves_in("3-2", "a", "crisis-shelter", worker="n1")
    house.tick("3-3")
    (house.folder / "people.csv").unlink()
    done = house.tick("3-16")
    assert to(house.mails()) == ["n1"]
    assert listing(done).problems
    with house.system.database.read() as tx:
        assert sources.source_state(tx, "staff").last_error is not None


def test_what_was_entered_on_the_pages_stands_beside_the_list(house: House) -> None:
    house.tick("3-3")
    set_absence(house.system, "n1", date(2026, 3, 14), date(2026, 3, 20), "n2", when("3-10"), "n1")
    with house.system.database.write() as tx:
        speak(tx, "n1", "nl")
        person = staff_of(tx, house.system).people["n1"]
    assert (person.language, person.away) == ("nl", (Away(date(2026, 3, 14), date(2026, 3, 20), "n2"),))
    with pytest.raises(Problems, match="nobody called n9"):
        set_absence(house.system, "n9", date(2026, 3, 14), date(2026, 3, 20), None, when("3-10"), "lead")


def test_a_database_that_is_made_anew_comes_to_the_same_people(house: House) -> None:
    house.tick("3-3")
    before = staff_known(house.system)
    anew = System(house.system.config, open_database(f"sqlite:///{house.folder}/anew.db"))
    schema.ensure(anew.database)
    tick(anew, when("3-3", 10))
    assert staff_known(anew) == before


# --- who is known -----------------------------------------------------------------------------------------------------------


def test_what_the_config_says_of_a_person_goes_before_the_list(house: House) -> None:
    write(house, *FIRST, "w1,another name,else@example.org,administrator,north")
    done = house.tick("3-3")
    assert staff_known(house.system).people["w1"].role == "worker"
    [note] = listing(done).notes
    assert note.sentence("en") == "people who stand in the config too: 1; what it says of them holds"


def test_deputies_and_absences_of_people_whom_nobody_knows_are_told_of(house: House) -> None:
    write(house, f"{FIRST[0]},2026-03-14,2026-03-20,n8", FIRST[1])
    house.web += LIST.replace('"staff"', '"leave"').replace("people.csv", "leave.csv")
    (house.folder / "leave.csv").write_text("id,away_from\nn9,2026-03-14\n")
    house.configure()
    done = house.tick("3-3")
    assert [note.sentence("en") for source in done.sources for note in source.notes] == [
        "deputies who are in no list: 1; the team's inbox gets what is for them",
        "absences of people who are in no list: 1",
    ]


def test_a_list_that_is_the_same_is_no_news(house: House) -> None:
    assert listing(house.tick("3-3")).changed
    assert not listing(house.tick("3-4")).changed
    with house.system.database.read() as tx:
        stands = sources.source_state(tx, "staff")
    assert (stands.last_new_at, stands.last_read_at) == (when("3-3", 10), when("3-4", 10))


def test_a_list_that_the_config_no_longer_names_counts_no_more(house: House) -> None:
    house.tick("3-3")
    house.web = ""
    house.configure()
    assert known(house) == ["lead", "w1", "w2"]


def test_what_a_list_said_is_forgotten_once_the_config_no_longer_names_it(house: House) -> None:
    house.tick("3-3")
    keep_house(house.system, when("3-4", 3))
    assert "n1" in known(house)
    house.web = ""
    house.configure()
    keep_house(house.system, when("3-5", 3))
    with house.system.database.read() as tx:
        assert people.listed(tx, "staff") is None


# --- a list that breaks off -------------------------------------------------------------------------------------------------


def test_a_list_that_suddenly_lacks_many_waits_and_the_last_one_holds(house: House) -> None:
    write(house, *many(20))
    house.tick("3-3")
    write(house, *many(15), "n9,someone new,n9@example.org")
    done = house.tick("3-4")
    assert [(one.what, one.of, one.clients, one.limit, one.open_clients) for one in done.held] == [
        ("people", "staff", 5, 4, 20)
    ]
    assert len(known(house)) == 3 + 20
    with house.system.database.read() as tx:
        assert [(one.kind, one.of) for one in held.holding(tx)] == [("people", "staff")]
    house.tick("3-5", force=True)
    assert len(known(house)) == 3 + 16
    with house.system.database.read() as tx:
        assert held.holding(tx) == []


def test_an_earlier_list_can_be_put_back_in_the_place_of_one_that_waits(house: House) -> None:
    write(house, *many(20))
    house.tick("3-3")
    write(house, *many(1))
    assert house.tick("3-4").held
    write(house, *many(19))
    assert not house.tick("3-5").held
    assert len(known(house)) == 3 + 19


def test_a_list_in_which_many_have_no_address_any_more_waits_as_well(house: House) -> None:
    write(house, *many(20))
    house.tick("3-3")
    write(house, *(row.replace("@example.org", "") for row in many(20)))
    house.tick("3-4")
    assert all(person.address for person in staff_known(house.system).people.values())


def test_an_empty_list_sends_nobody_away(house: House) -> None:
    house.tick("3-3")
    write(house)
    done = house.tick("3-4")
    assert known(house) == ["lead", "n1", "n2", "w1", "w2"]
    [note] = listing(done).notes
    assert note.sentence("en").startswith("the list is empty")


def test_those_whom_the_config_has_too_may_go_from_the_list(house: House) -> None:
    write(house, *(f"{one},{one},{one}@example.org" for one in ("w1", "w2", "lead", "n1")))
    house.tick("3-3")
    write(house, "n1,n1,n1@example.org")
    assert not house.tick("3-4").held


# --- what stands after a reading --------------------------------------------------------------------------------------------

W1, W2 = Person("w1", "w1", "w1@example.org", team="north"), Person("w2", "w2", "w2@example.org")
LEAVE = (Away(date(2026, 4, 1), date(2026, 4, 7), "w2"),)
TODAY = date(2026, 3, 10)


def test_of_a_row_in_doubt_what_was_known_stands() -> None:
    lame = Person("w1", "w1", None)
    found = PeopleRead((lame, W2), doubtful=frozenset(("w1",)))
    assert taken(Listed((W1,), {"w1": LEAVE}), found, TODAY) == Listed((W1, W2), {"w1": LEAVE})
    assert taken(Listed(), found, TODAY).people == (lame, W2), "of someone new, what can be read"


def test_a_row_that_cannot_be_read_at_all_makes_nobody_leave() -> None:
    found = PeopleRead((W2,), doubtful=frozenset(("w1",)))
    assert taken(Listed((W1,)), found, TODAY).people == (W1, W2)


def test_where_a_list_is_not_whole_nobody_leaves_and_leave_stays() -> None:
    found = PeopleRead((W2,), whole=False)
    assert taken(Listed((W1,), {"w1": LEAVE}), found, TODAY) == Listed((W1, W2), {"w1": LEAVE})


def test_an_absence_that_a_list_no_longer_tells_of_is_over() -> None:
    assert taken(Listed((W1,), {"w1": LEAVE}), PeopleRead((W1,)), TODAY).away == {}


def test_the_team_of_someone_who_left_is_known_for_a_year() -> None:
    gone = taken(Listed((W1, W2)), PeopleRead((W2,)), TODAY)
    assert gone.left == {"w1": ("north", TODAY)}
    assert taken(gone, PeopleRead((W2,)), date(2027, 3, 10)).left == gone.left
    assert taken(gone, PeopleRead((W2,)), date(2027, 3, 13)).left == {}


def test_a_list_comes_back_from_the_database_as_it_was(house: House) -> None:
    says = Listed(
        (W1, Person("w2", "Zoë", None, "team-lead", None, "en", frozenset((0, 4)))),
        {"w1": LEAVE, "x": (Away(TODAY, TODAY),)},
        {"w9": ("north", TODAY)},
    )
    with house.system.database.write() as tx:
        people.put(tx, "staff", says)
        assert people.listed(tx, "staff") == says
        assert people.listed(tx, "other") is None


def test_the_config_may_name_a_deputy_who_stands_in_a_list(house: House) -> None:
    house.w1 = 'away = [{ from = 2026-03-14, until = 2026-03-20, deputy = "n1" }]'
    house.configure()
    house.moves_in("3-2", "a", "crisis-shelter")
    house.tick("3-16")
    assert to(house.mails()) == ["n1"]


def test_a_team_that_the_config_lacks_is_told_of_before_anything_is_read(house: House) -> None:
    file = house.folder / "config.toml"
    file.write_text(file.read_text() + LIST.replace("staff", "more") + 'codes = { team = { N = "nort" } }\n')
    with pytest.raises(Problems, match='there is no such team; did you mean "north"'):
        System(load(file, {}), house.system.database)


def test_the_order_of_a_list_is_no_news() -> None:
    assert taken(Listed(), PeopleRead((W2, W1)), TODAY) == taken(Listed(), PeopleRead((W1, W2)), TODAY)
