"""Why a client's prompts come, and why others do not: the engine's explanation, the most useful first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from cti.core.rules import Rulebook, Step
from cti.engine.inforce import InForce
from cti.engine.system import System
from cti.engine.wording import house_words, texts_of
from cti.i18n import mark
from cti.post.texts import TextError
from cti.why.telling import Told, ToldMoment, ToldStep, told
from cti.why.words import Names


@dataclass(frozen=True, slots=True)
class Why:
    """A step: what it is called, what became of it in one sentence, and the details below. `prompt` is our number of its prompt
    where that can be opened, `happened` what it answers to, `rule` the rule's title."""

    title: str
    sentence: str
    happened: str
    rule: str
    lines: tuple[str, ...]
    prompt: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """Steps of which the same is to be said. `title` is an English text of ours."""

    title: str
    steps: tuple[Why, ...]
    folded: bool


@dataclass(frozen=True, slots=True)
class Silent:
    """A rule without a step for this client, and why: nothing of its kind happened, or it does not answer to what did."""

    title: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Explained:
    """The page. `day` is the day asked about, None: as it stands. `silent` are rules with no step for this client."""

    day: date | None
    summary: str
    notes: tuple[str, ...]
    unknown: tuple[str, ...]
    groups: tuple[Group, ...]
    silent: tuple[Silent, ...]


GROUPS: tuple[tuple[str, Callable[[ToldStep], bool]], ...] = (
    (mark("Due, and does not come by itself"), lambda step: step.stuck and _stays(step)),
    (mark("Came on that day"), lambda step: step.came),
    (mark("Almost: all but one condition held"), lambda step: step.near),
    (mark("Still to come"), lambda step: step.coming),
    (mark("Waits for something first"), lambda step: step.plan.reason.code == "waiting"),
    (mark("Came before"), lambda step: bool(step.tellings) or step.outcome == "answered"),
    (mark("Not needed, or no longer"), lambda step: True),
)
"""Each step stands in the first group that it fits."""

FEW = 5
"""Groups of more steps are folded, but for the first."""


def explained_to(
    system: System,
    rules: InForce,
    client: str,
    lang: str,
    now: datetime,
    day: date | None = None,
) -> Explained | None:
    """The explanation of a client (the registration's reference); None where there is none. On a `day`, as it was known then."""
    names = names_of(system, rules, lang)
    found = told(system, client, lang, now, day, names)
    if found is None:
        return None
    steps = list(_steps(found, names))
    groups: list[Group] = []
    for title, fits in GROUPS:
        mine = [entry for entry in steps if fits(entry[0])]
        steps = [entry for entry in steps if entry not in mine]
        if mine:
            groups.append(Group(title, tuple(why for _, why in mine), bool(groups) and len(mine) > FEW))
    silent = (
        Silent(rule.title, rule.moments[-1].sentence if rule.moments else "")
        for rule in found.rules
        if not rule.answered
    )
    return Explained(
        day,
        found.summary,
        found.notes,
        found.unknown,
        tuple(groups),
        tuple(sorted(silent, key=lambda one: (not one.sentence, one.title))),
    )


def _stays(step: ToldStep) -> bool:
    """Whether nothing but a person gets it going: a limit holds it back, or there is no day on which it comes."""
    return step.outcome == "held" or not step.coming


def names_of(system: System, rules: InForce, lang: str) -> Names:
    """What steps are called: the title of their text; the step's id where that is made of a client's values, or missing."""
    texts = texts_of(system, rules)
    words = house_words(system)

    def name(rule: str, step: str) -> str:
        found = _step(rules.rulebook, rule, step)
        try:
            return texts.title(found.text, lang, lambda: words) if found is not None else step
        except TextError:
            return step

    return name


def _step(rulebook: Rulebook, rule: str, step: str) -> Step | None:
    found = rulebook.rule(rule)
    return next((one for one in found.steps if one.id == step), None) if found is not None else None


def _steps(found: Told, names: Names) -> Iterator[tuple[ToldStep, Why]]:
    """The steps of the latest moments first."""
    every = [(rule, moment) for rule in found.rules for moment in rule.answered]
    every.sort(key=lambda entry: (entry[1].moment.day or date.max, entry[1].moment.known), reverse=True)
    for rule, moment in every:
        for step in moment.steps:
            yield step, _why(step, names, rule.title, moment)
    for step in (*found.asked, *found.gone):
        yield step, _why(step, names, "", None)


def _why(step: ToldStep, names: Names, rule: str, moment: ToldMoment | None) -> Why:
    # A row that was never told may be gone after the next pass; and what was not needed shows nothing that is not said here.
    opens = step.number and (step.tellings or step.coming or step.stuck)
    return Why(
        names(step.plan.rule, step.plan.step),
        step.sentence,
        moment.sentence if moment is not None else "",
        rule,
        tuple(line.text for line in step.lines),
        step.number if opens else None,
    )
