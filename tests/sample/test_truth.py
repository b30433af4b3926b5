from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest

from cti.sample.make import make_truth
from cti.sample.organisation import Organisation
from cti.sample.truth import Spell
from tests.sample.reading import GAP, KINDS


@pytest.mark.parametrize("seed", range(1, 6))
def test_three_years_hold_far_more_than_a_hundred_of_each_of_the_four_transitions(seed: int) -> None:
    truth = make_truth(seed, date(2023, 1, 1), date(2026, 1, 1))
    entered = Counter(transition.to for transition in truth.transitions())
    assert min(entered[kind] for kind in KINDS) >= 140
    assert len(truth.clients) == 500


def test_spells_follow_one_another_without_a_gap_each_in_another_situation(
    organisation: Organisation,
) -> None:
    truth = organisation.truth
    for client in truth.clients:
        assert truth.start <= client.spells[0].begin and client.spells[-1].end is None
        for spell, following in pairwise(client.spells):
            assert spell.end == following.begin > spell.begin
            assert spell.situation != following.situation
            assert following.begin < truth.end


def test_nobody_is_away_from_one_situation_so_shortly_that_it_would_be_no_departure(
    organisation: Organisation,
) -> None:
    for client in organisation.truth.clients:
        for before, between, after in zip(client.spells, client.spells[1:], client.spells[2:], strict=False):
            if between.form == "destination" and before.situation == after.situation:
                assert after.begin - between.begin > timedelta(days=GAP)


def test_a_situation_that_only_an_exit_can_tell_follows_a_registered_stay(organisation: Organisation) -> None:
    for client in organisation.truth.clients:
        assert client.spells[0].form == "stay"
        for before, spell in pairwise(client.spells):
            if spell.form == "destination":
                assert before.form in ("stay", "return")


def test_half_of_the_threats_that_end_in_a_home_end_with_the_home_kept(organisation: Organisation) -> None:
    ends = Counter(
        transition.to
        for transition in organisation.truth.transitions()
        if transition.from_situation == "at-risk"
    )
    assert 0.35 <= ends["kept-home"] / sum(ends.values()) <= 0.6
    assert ends["kept-home"] > ends["own-home"] > 0


def test_guidance_that_is_over_before_a_new_threat_leaves_the_home_to_the_destination(
    organisation: Organisation,
) -> None:
    for client in organisation.truth.clients:
        for spell, following in pairwise(client.spells):
            if spell.guidance is not None and following.situation == "at-risk":
                assert spell.guidance.end is not None and spell.guidance.end < following.begin


def test_transitions_until_a_day_are_those_before_it(organisation: Organisation) -> None:
    day = date(2025, 1, 1)
    truth = organisation.truth
    assert [t for t in truth.transitions() if t.day < day] == list(truth.transitions(day))


def test_the_first_transition_of_a_client_comes_from_nowhere(organisation: Organisation) -> None:
    first = {client.id: client.spells[0] for client in organisation.truth.clients}
    for transition in organisation.truth.transitions():
        assert (transition.from_situation is None) == (transition.day == first[transition.client].begin)


def test_some_clients_die_some_opt_out_and_some_files_close(organisation: Organisation) -> None:
    reasons = Counter(closing.reason for client in organisation.truth.clients for closing in client.closings)
    assert reasons["closed"] > 20 and reasons["deceased"] >= 2 and reasons["opted-out"] >= 3


def test_who_died_is_seen_no_more(organisation: Organisation) -> None:
    for client in organisation.truth.clients:
        for closing in client.closings:
            if closing.reason == "deceased":
                assert client.spells[-1] == Spell("unknown", closing.day, None, "destination")


def test_planned_moves_slip_come_true_and_are_given_up(organisation: Organisation) -> None:
    plans = [plan for client in organisation.truth.clients for plan in client.foresights]
    slipped = [p for p in plans if len({day for _, day in p.thought}) > 1]
    assert len(plans) > 150 and len(slipped) > 30
    assert sum(plan.withdrawn is not None for plan in plans) > 20
    assert sum(plan.came is not None for plan in plans) > 80
    assert {plan.situation for plan in plans} == {"own-home", "long-stay"}
    for plan in plans:
        assert plan.came is None or plan.thought[-1][0] < plan.came


def test_a_quarter_of_the_clients_changes_worker(organisation: Organisation) -> None:
    changed = [client for client in organisation.truth.clients if len(client.assignments) > 1]
    assert 0.15 <= len(changed) / len(organisation.truth.clients) <= 0.45
    for client in organisation.truth.clients:
        assert all(a.worker != b.worker for a, b in pairwise(client.assignments))


def test_the_facts_are_those_that_the_rules_ask_about(organisation: Organisation) -> None:
    said = {fact.name for client in organisation.truth.clients for fact in client.facts}
    wanted = {"trust", "network", "network-mapped", "guidance", "language-need", "conference", "review-date"}
    assert wanted <= said
