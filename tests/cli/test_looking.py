"""`cti transitions`, `prompts`, `explain` and `quarantine`: looking changes nothing, and is kind where there is nothing."""

import pytest

from tests.cli.terminal import Terminal
from tests.engine.house import House

TRANSITION = ["client", "from", "to", "day", "known", "source", "source_ref"]
PROMPT = ["key", "client", "rule", "step", "role", "due", "until", "state", "reason", "rulebook"]
UNREAD = ["source", "ref", "file", "line", "field", "value", "reason", "first_seen", "last_seen"]


@pytest.fixture
def ticked(house: House) -> House:
    house.tick("3-23")
    return house


def test_every_step_of_the_line_is_a_transition(cti: Terminal, ticked: House) -> None:
    found = cti("transitions", "--json").json
    assert [list(step) for step in found] == [TRANSITION] * 4
    assert [(step["client"], step["from"], step["to"], step["day"]) for step in found] == [
        ("c1", None, "crisis-shelter", "2026-03-02"),
        ("c2", None, "crisis-shelter", "2026-03-03"),
        ("c3", None, "crisis-shelter", "2026-03-04"),
        ("c3", "crisis-shelter", "own-home", "2026-03-20"),
    ]
    assert found[0]["known"] == "2026-03-02T12:00:00+01:00"
    assert (found[0]["source"], found[0]["source_ref"]) == ("registration", "s1")


def test_transitions_of_a_time_include_both_days(cti: Terminal, ticked: House) -> None:
    found = cti("transitions", "--since", "2026-03-03", "--until", "2026-03-04", "--json").json
    assert [step["client"] for step in found] == ["c2", "c3"]


def test_transitions_for_people_are_a_table(cti: Terminal, ticked: House) -> None:
    shown = cti.ok("transitions").splitlines()
    assert shown[0].split() == ["client", "day", "from", "to", "learned", "record"]
    assert "crisis shelter  own home" in shown[4] and "registration:s4" in shown[4]
    assert shown[-1] == "4 steps of 3 clients"


def test_no_transitions_in_a_time_says_so(cti: Terminal, ticked: House) -> None:
    assert "No transitions in this time" in cti.ok("transitions", "--since", "2027-01-01")


def test_a_day_that_is_none_is_wrong_use(cti: Terminal, ticked: House) -> None:
    said = cti("transitions", "--since", "1-3-2026")
    assert (said.code, said.err) == (2, "--since 1-3-2026: not a day; a day is written as 2026-12-25\n")


def test_prompts_for_scripts_are_of_all_states(cti: Terminal, ticked: House) -> None:
    found = cti("prompts", "--json").json
    assert [list(prompt) for prompt in found] == [PROMPT] * 3
    assert {prompt["rulebook"] for prompt in found} == {cti("rules", "history", "--json").json[0]["digest"]}
    assert [(prompt["client"], prompt["state"], prompt["role"]) for prompt in found] == [
        ("c1", "sent", "worker"),
        ("c2", "sent", "worker"),
        ("c3", "expired", "worker"),
    ]
    first = found[0]
    assert first["key"] == "intake/call/registration:s1:stay:entered"
    assert first["due"] == "2026-03-16T09:00:00+01:00"
    assert first["reason"].startswith("due on Monday 16 March 2026")


def test_prompts_of_a_state_or_a_client(cti: Terminal, ticked: House) -> None:
    assert {prompt["client"] for prompt in cti("prompts", "--client", "c2", "--json").json} == {"c2"}
    assert cti("prompts", "--state", "answered", "--json").json == []
    assert "No prompts of this kind." in cti.ok("prompts", "--state", "answered")


def test_the_table_of_prompts_shows_what_is_open_and_counts_the_rest(cti: Terminal, ticked: House) -> None:
    cti.ok("answer", "1", "done")
    shown = cti.ok("prompts")
    assert "c1" not in shown.split("Not shown")[0]
    assert "1 answered" in shown.split("Not shown:")[1]
    assert "c1" in cti.ok("prompts", "--state", "all")


def test_a_state_that_is_none_is_wrong_use(cti: Terminal, ticked: House) -> None:
    said = cti("prompts", "--state", "snt")
    assert said.code == 2
    assert said.err.startswith(
        "--state snt (sent?): there is no such state; there are pending, sent, answered"
    )


def test_before_the_first_pass_looking_is_kind(cti: Terminal, house: House) -> None:
    assert "They come once a source was read:  cti tick" in cti.ok("transitions")
    assert "No prompts yet." in cti.ok("prompts")
    assert "Nothing is in quarantine" in cti.ok("quarantine")
    assert cti("quarantine", "--json").json == []


def test_a_client_is_explained_step_by_step(cti: Terminal, ticked: House) -> None:
    shown = cti.ok("explain", "c1")
    assert "Client c1" in shown
    assert "Mon 2 Mar 2026 – now  crisis shelter" in shown
    assert "Title  intake" in shown
    assert "Mon 2 Mar: into crisis shelter (registration s1)" in shown
    assert "✔ call  sent on Mon 23 Mar to w1" in shown
    assert "2 weeks after Mon 2 Mar is Mon 16 Mar" in shown


def test_an_explanation_for_scripts(cti: Terminal, ticked: House) -> None:
    found = cti("explain", "c3", "--json").json
    assert list(found) == [
        "client", "at", "as_of", "situation", "since", "notes", "summary", "unknown", "rules", "asked", "gone",
    ]  # fmt: skip
    assert (found["client"], found["situation"], found["since"]) == ("c3", "own-home", "2026-03-20")
    [rule] = found["rules"]
    assert list(rule) == ["rule", "title", "off", "moments"]
    [moment] = rule["moments"]
    assert list(moment) == [
        "moment", "kind", "what", "day", "known", "source", "source_ref", "silent", "sentence", "steps",
    ]  # fmt: skip
    [step] = moment["steps"]
    assert list(step) == [
        "key", "step", "day", "wanted", "role", "due", "until", "state", "code", "outcome", "came", "comes", "to", "reason",
        "details", "conditions", "told",
    ]  # fmt: skip
    assert (step["step"], step["wanted"], step["code"], step["outcome"]) == (
        "call",
        True,
        "wanted",
        "expired",
    )


def test_a_day_is_explained_as_it_was_known_then(cti: Terminal, house: House) -> None:
    house.tick("3-2")
    house.moves_in("3-12", "s9", "crisis-shelter", begin="3-2", client="c9")
    house.ticks("3-12", "3-16")
    shown = cti.ok("explain", "c9", "--at", "2026-03-10")
    assert "Client c9, as known on Tuesday 10 March 2026" in shown
    assert "Nothing came for this client on Tuesday 10 March 2026." in shown
    assert "“crisis shelter” from Mon 2 Mar – recorded on Thu 12 Mar (registration s9)" in shown
    found = cti("explain", "c9", "--at", "2026-03-16", "--json").json
    assert (found["at"], found["summary"]) == (
        "2026-03-16",
        "What came on Monday 16 March 2026: intake/call.",
    )
    assert found["rules"][0]["moments"][0]["steps"][0]["came"] is True


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("16-3-2026", "--at 16-3-2026: not a day; a day is written as 2026-12-25\n"),
        ("2099-01-01", "--at 2099-01-01 is still to come; without --at it is shown what is planned\n"),
    ],
)
def test_a_day_that_cannot_be_asked_about_is_wrong_use(
    cti: Terminal, ticked: House, day: str, said: str
) -> None:
    answered = cti("explain", "c1", "--at", day)
    assert (answered.code, answered.out, answered.err) == (2, "", said)


def test_a_client_who_is_not_known_is_no_traceback(cti: Terminal, ticked: House) -> None:
    said = cti("explain", "c99")
    assert (said.code, said.out) == (1, "")
    assert said.err == "no client c99 is known; cti transitions shows those that are\n"


def test_what_cannot_be_read_is_shown_masked_with_its_place_and_reason(cti: Terminal, house: House) -> None:
    house.type_in("3-5", "s9", "c9", situation="hotel", begin="2026-03-05")
    house.tick("3-23")
    [entry] = cti("quarantine", "--json").json
    assert list(entry) == UNREAD
    assert (entry["source"], entry["ref"], entry["field"], entry["value"]) == (
        "registration",
        "s9",
        "situation",
        "h••••",
    )
    assert "hotel" not in cti.ok("quarantine")


def test_a_mended_row_leaves_quarantine_at_once_with_retry(cti: Terminal, house: House) -> None:
    house.type_in("3-5", "s9", "c9", situation="hotel", begin="2026-03-05")
    cti.ok("tick", "--now", "2026-03-18T10:00")
    house.rows[-1] = {**house.rows[-1], "situation": "crisis-shelter"}
    house.type_in("3-6", "s10", "c10", situation="crisis-shelter", begin="2026-03-06")
    assert "Nothing is in quarantine" in cti.ok("quarantine", "--retry")
    assert {step["client"] for step in cti("transitions", "--json").json} >= {"c9", "c10"}


def test_looking_writes_nothing(cti: Terminal, ticked: House) -> None:
    before = ticked.stored()
    for words in (
        ["transitions"],
        ["prompts"],
        ["explain", "c1"],
        ["explain", "c1", "--at", "2026-03-16"],
        ["quarantine"],
        ["plan"],
        ["check"],
    ):
        cti.ok(*words)
    assert ticked.stored() == before
