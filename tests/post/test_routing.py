from cti.core.events import Assignment
from cti.core.people import Staff, Team
from cti.post.delivery import Recipient
from cti.post.routing import route
from tests.post.build import MONDAY, away, days, lacking, letters, person, post, prompt, staff

NORTH = "north@example.org"


def whom(people: Staff, role: str = "worker", worker: str | None = "w1", team: str | None = None) -> str:
    """The address that the role comes down to, or what is missing."""
    to = route(role, prompt(1, worker="w2"), Assignment(MONDAY, worker, team), people, MONDAY)
    return to.address if isinstance(to, Recipient) else to


def test_a_worker_who_is_away_is_stood_in_for() -> None:
    people = staff(person("w1", away=away("w2")))
    assert whom(people) == "w2@example.org"
    to = route("worker", prompt(1), Assignment(MONDAY, "w1"), people, MONDAY)
    assert isinstance(to, Recipient) and to.stands_in_for == "w1"


def test_an_absence_holds_from_its_first_to_its_last_day() -> None:
    for first, last, expected in (
        (days(-3), days(-1), "w1@example.org"),
        (days(-3), MONDAY, "w2@example.org"),
        (MONDAY, days(9), "w2@example.org"),
        (days(1), days(9), "w1@example.org"),
    ):
        assert whom(staff(person("w1", away=away("w2", first, last)))) == expected


def test_a_deputy_who_is_away_has_a_deputy() -> None:
    people = staff(person("w1", away=away("w2")), person("w2", away=away("w3")))
    assert whom(people) == "w3@example.org"


def test_deputies_who_stand_in_for_each_other_end_at_the_teams_inbox() -> None:
    people = staff(person("w1", away=away("w2")), person("w2", away=away("w1")))
    assert whom(people) == NORTH


def test_without_a_deputy_it_is_the_teams_inbox() -> None:
    assert whom(staff(person("w1", away=away()))) == NORTH


def test_a_deputy_who_is_not_known_is_none() -> None:
    assert whom(staff(person("w1", away=away("w9")))) == NORTH


def test_a_person_without_an_address_is_passed_over() -> None:
    assert whom(staff(person("w1", address=None))) == NORTH
    assert whom(staff(person("w1", address="  "))) == NORTH
    assert whom(staff(person("w1", away=away("w2")), person("w2", address=None))) == NORTH


def test_a_client_without_a_worker_is_the_teams() -> None:
    assert whom(staff(), worker=None, team="north") == NORTH
    assert whom(staff(), worker="w9", team="north") == NORTH


def test_without_worker_and_inbox_nobody_is_prompted_and_that_is_said() -> None:
    assert whom(staff(), worker=None) == "no-worker"
    assert whom(staff(), worker=None, team="south") == "no-worker"
    assert whom(staff(person("w3", "south", address=None)), worker="w3") == "no-address"
    assert whom(staff(), "team", "w3") == "no-inbox"


def test_the_previous_worker_is_the_one_of_before_the_moment() -> None:
    assert whom(staff(), "previous-worker") == "w2@example.org"


def test_a_previous_worker_who_has_left_is_stood_in_for_by_the_clients_team() -> None:
    people = staff()
    left = {key: value for key, value in people.people.items() if key != "w2"}
    assert whom(Staff(left, people.teams, people.desks), "previous-worker") == NORTH


def test_a_team_lead_is_the_one_of_the_clients_team() -> None:
    assert whom(staff(), "team-lead") == "l1@example.org"
    assert whom(staff(), "team-lead", worker=None, team="north") == "l1@example.org"


def test_the_lead_of_another_team_never_hears_of_a_client() -> None:
    assert whom(staff(), "team-lead", worker="w3") == "no-team-lead"
    assert whom(staff(south="south@example.org"), "team-lead", worker="w3") == "south@example.org"


def test_of_two_leads_the_one_who_is_there_is_told() -> None:
    second = person("l2", role="team-lead")
    assert (
        whom(staff(person("l1", role="team-lead", away=away("w1")), second), "team-lead") == "l2@example.org"
    )


def test_where_all_leads_are_away_a_deputy_is_told() -> None:
    people = staff(person("l1", role="team-lead", away=away("w2")))
    assert whom(people, "team-lead") == "w2@example.org"
    assert whom(staff(person("l1", role="team-lead", away=away())), "team-lead") == NORTH


def test_a_desk_is_the_one_of_the_config() -> None:
    assert whom(staff(), "housing") == "housing@example.org"
    assert whom(staff(), "catering") == "no-desk"


def test_people_are_written_to_in_their_language_else_their_teams() -> None:
    people = staff(person("w1", language="en"))
    teams = {"north": Team("north", NORTH, "nl")}
    in_team = Staff(people.people, teams, {})
    languages = []
    for role, worker in (("worker", "w1"), ("worker", "w2"), ("team", "w1")):
        to = route(role, prompt(1), Assignment(MONDAY, worker), in_team, MONDAY)
        assert isinstance(to, Recipient)
        languages.append(to.language)
    assert languages == ["en", "nl", "nl"]


def test_what_cannot_be_routed_is_listed_at_once_whatever_the_hour() -> None:
    made = post(prompt(1), prompt(2, "c2"), clients={"c2": Assignment(MONDAY, "w1")}, now=None)
    assert (lacking(made), letters(made)) == ({1: "no-worker"}, {"w1@example.org": [("prompt", 2)]})
