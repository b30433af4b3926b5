"""The explanation of a client on a day beside the second reading: what each says of every step."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any

from tests.second.post import Reading, Verdict

Said = tuple[str, str, str | None, str, str, str | None]
"""Rule, step, the day of the moment, what became of it, the plan's word, and the due."""


def by_the_reading(verdicts: list[Verdict], zone: Any) -> Counter[Said]:
    """What the second reading says."""
    return Counter(
        (
            verdict.plan.rule,
            verdict.plan.step,
            verdict.plan.of.day.isoformat() if verdict.plan.of.day else None,
            verdict.outcome,
            verdict.plan.code,
            _local(verdict.plan.due, zone),
        )
        for verdict in verdicts
    )


def by_the_explanation(told: dict[str, Any]) -> Counter[Said]:
    """What the explanation says, as `cti explain --json` writes it."""
    found = Counter[Said]()
    for rule in told["rules"]:
        for moment in rule["moments"]:
            for step in moment["steps"]:
                found[
                    rule["rule"], step["step"], moment["day"], step["outcome"], step["code"], step["due"]
                ] += 1
    for step in told["asked"]:
        found["still-current", "ask", step["day"], step["outcome"], step["code"], step["due"]] += 1
    return found


def differences(told: dict[str, Any], reading: Reading, client: str, day: date) -> list[str]:
    """Where the two differ about a client on a day; empty where they agree, also about what came on that day."""
    theirs = by_the_explanation(told)
    mine = by_the_reading(reading.verdicts(client, day), reading.journal.zone)
    wrong = [f"{client} on {day}: only the reading says {said}" for said in mine - theirs]
    wrong += [f"{client} on {day}: only the explanation says {said}" for said in theirs - mine]
    came = {key(step) for step in every_step(told) if step["came"] and step["outcome"] == "told"}
    sent = {
        (prompt.rule, prompt.step, prompt.name)
        for prompt in reading.prompts.get(client, ())
        for mail in prompt.mails
        if mail.kind == "prompt" and mail.day == day
    }
    wrong += [f"{client} on {day}: {one} came, and is not explained" for one in sent - came]
    wrong += [f"{client} on {day}: {one} is said to have come" for one in came - sent]
    return wrong


def every_step(told: dict[str, Any]) -> list[dict[str, Any]]:
    """All steps of an explanation."""
    of_rules = (step for rule in told["rules"] for moment in rule["moments"] for step in moment["steps"])
    return [*of_rules, *told["asked"], *told["gone"]]


def key(step: dict[str, Any]) -> tuple[str, str, str]:
    """Rule, step and the name of the moment."""
    rule, name_of_step, name = step["key"].split("/", 2)
    return rule, name_of_step, name


def _local(moment: datetime | None, zone: Any) -> str | None:
    return moment.astimezone(zone).isoformat() if moment is not None else None
