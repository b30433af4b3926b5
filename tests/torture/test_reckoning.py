"""The reckoning sees what it is there to see: each way in which a promise can be broken is found in a log in which it was."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from tests.torture.reckoning import Entry, Reckoning, reckon

CALL = ("c1", "Bel even")


def mail(name: str, *clients: str, words: str = "Bel even", more: str = "") -> str:
    sections = "".join(f"Cliënt {client}\n---------\n\n{words}\n\n{more}\n\n" for client in clients)
    made = EmailMessage()
    made["Message-ID"] = f"<{name}>"
    made.set_content(f"Hallo,\n\n{sections}", cte="base64")
    return made.as_string()


def sends(line: int, pid: int, *mails: str, cut: bool = False) -> list[Entry]:
    """What the server writes down of a connection."""
    log: list[Entry] = [{"what": "connected", "line": line}, {"what": "greeted", "line": line, "pid": pid}]
    for one in mails:
        log += [{"what": "begun", "line": line}, {"what": "accepted", "line": line, "to": "w1", "mail": one}]
    if cut:
        log.append({"what": "trapped", "line": line, "verb": "ACCEPTED", "how": "hang-up", "pid": pid})
    return [*log, {"what": "closed", "line": line}]


def test_what_is_told_once_is_well() -> None:
    assert reckon(sends(1, 7, mail("a", "c1")), {CALL}, set()) == Reckoning(mails=1, told=1, repeats=0)


def test_what_became_of_a_prompt_later_is_not_told_anew() -> None:
    later = mail("b", "c1", more="Deze herinnering is niet meer nodig.")
    assert reckon(sends(1, 7, mail("a", "c1"), later), {CALL}, set()).kept


def test_a_prompt_of_which_no_mail_was_accepted_is_lost() -> None:
    found = reckon(sends(1, 7, mail("a", "c2")), {CALL, ("c2", "Bel even")}, set())
    assert found.lost == [CALL] and not found.kept


def test_a_prompt_that_nothing_asks_for_is_told_without_cause() -> None:
    found = reckon(sends(1, 7, mail("a", "c1")), set(), set())
    assert found.unasked == [CALL] and not found.kept


def test_a_prompt_in_two_mails_is_told_twice() -> None:
    found = reckon(sends(1, 7, mail("a", "c1"), mail("b", "c1")), {CALL}, {7})
    assert found.twice == [CALL] and not found.kept


def test_a_mail_that_a_killed_process_had_in_hand_may_come_again() -> None:
    log = sends(1, 7, mail("a", "c1")) + sends(2, 8, mail("a", "c1"))
    found = reckon(log, {CALL}, {7})
    assert (found.kept, found.repeats, found.mails) == (True, 1, 2)


def test_a_mail_whose_connection_was_cut_may_come_again() -> None:
    assert reckon(sends(1, 7, mail("a", "c1"), cut=True) + sends(2, 7, mail("a", "c1")), {CALL}, set()).kept


@pytest.mark.parametrize("killed", [set[int](), {8}])
def test_a_mail_of_a_process_that_nobody_killed_may_not(killed: set[int]) -> None:
    log = sends(1, 7, mail("a", "c1")) + sends(2, 8, mail("a", "c1"))
    found = reckon(log, {CALL}, killed)
    assert found.outside == ["<a>"] and not found.kept


def test_nor_one_after_which_the_process_went_on_to_the_next() -> None:
    log = sends(1, 7, mail("a", "c1"), mail("b", "c2")) + sends(2, 8, mail("a", "c1"))
    found = reckon(log, {CALL, ("c2", "Bel even")}, {7})
    assert found.outside == ["<a>"] and not found.kept


def test_in_a_rush_so_may_the_last_few_of_a_process_that_was_killed_and_no_others() -> None:
    names = [f"m{number}" for number in range(5)]
    clients = {(name, "Bel even") for name in names}
    first = sends(1, 7, *(mail(name, name) for name in names))
    again = sends(2, 8, *(mail(name, name) for name in names[2:]))
    assert reckon([*first, *again], clients, {7}, window=3).kept
    assert reckon([*first, *again], clients, {7}, window=2).outside == ["<m2>"]
    assert reckon([*first, *again], clients, {8}, window=3).outside == ["<m2>", "<m3>", "<m4>"]


def test_a_mail_that_comes_again_says_what_it_said() -> None:
    log = sends(1, 7, mail("a", "c1")) + sends(2, 8, mail("a", "c1", "c2"))
    found = reckon(log, {CALL, ("c2", "Bel even")}, {7})
    assert found.anew == ["<a>"] and not found.kept
