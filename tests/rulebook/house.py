"""A rules folder in which nothing is wrong, small but with everything in it; and a calendar to plan by."""

from __future__ import annotations

from pathlib import Path

from cti.core.calendar import Calendar
from cti.problems import Problem
from cti.rulebook.check import check

LANGUAGES = ("nl", "en")
DESKS = ("intake",)

VOCABULARY = """\
gap   = "14 days"
stale = "6 weeks"
since = 2026-01-01

[situations.street]
label = { nl = "op straat", en = "on the street" }
prompts = false
[situations.crisis-shelter]
label = { nl = "crisisopvang", en = "crisis shelter" }
[situations.own-home]
label = { nl = "eigen woning", en = "own home" }
prompts = false

[facts.trust]
type   = "choice"
label  = { nl = "vertrouwensband", en = "trust" }
values = { growing = { nl = "in opbouw", en = "growing" }, yes = { nl = "ja", en = "yes" }, no = { nl = "nee", en = "no" } }

[facts.conference]
type  = "choice"
label = { nl = "conferentie", en = "conference" }
lasts = "transition"
[facts.conference.values]
agreed   = { nl = "ja", en = "agreed" }
declined = { nl = "nee", en = "declined" }
held     = { nl = "gehouden", en = "held" }

[facts.declined-because]
type   = "choice"
label  = { nl = "reden", en = "reason" }
values = { not-needed = { nl = "niet nodig", en = "not needed" }, shame = { nl = "schaamte", en = "shame" } }

[facts.network-mapped]
type  = "date"
label = { nl = "netwerk in kaart gebracht op", en = "network mapped on" }

[facts.review-date]
type  = "date"
label = { nl = "dag van de terugblik", en = "day of the review" }
many  = true

[facts.language-need]
type  = "yes/no"
label = { nl = "tolk nodig", en = "needs an interpreter" }

[facts.children]
type  = "number"
label = { nl = "kinderen", en = "children" }

[answers.still-current.yes]
label = { nl = "Ja", en = "Yes" }
[answers.still-current.no]
label = { nl = "Nee", en = "No" }

[answers.done.done]
label = { nl = "Gedaan", en = "Done" }
[answers.done.not-yet]
label = { nl = "Nog niet", en = "Not yet" }

[answers.mapped.mapped]
label   = { nl = "In kaart", en = "Mapped" }
records = { network-mapped = "today" }
may     = ["trust"]

[answers.conference.agreed]
label   = { nl = "Voorgesteld: ja", en = "Proposed: yes" }
records = { conference = "agreed" }
[answers.conference.declined]
label   = { nl = "Voorgesteld: nee", en = "Proposed: no" }
records = { conference = "declined" }
asks    = ["declined-because"]
"""

INTAKE = """\
# Intake into crisis shelter.
id    = "crisis-intake"
title = { nl = "Instroom in de crisisopvang", en = "Intake into crisis shelter" }
why   = { nl = "Contacten raken nu kwijt.", en = "Contacts fade now." }
since = 2026-01-01

[on]
enters = "crisis-shelter"
from   = { not = ["own-home"] }

[[steps]]
id       = "map-network"
due      = "14 days"
at       = "09:00"
to       = "worker"
unless   = { network-mapped = { within = "6 months" } }
expires  = "6 weeks"
answers  = "mapped"
remind   = { every = "5 working days", times = 2 }
escalate = { after = "10 working days", to = "team-lead" }
sources  = ["A10", "A11"]

[[steps.variants]]
when = { language-need = true }
text = "crisis-intake/map-network-language"

[[steps]]
id      = "propose"
due     = "3 weeks"
after   = "map-network"
to      = "worker"
later   = { when = { trust = "growing" }, by = "2 weeks" }
when    = { conference = { not = ["declined", "agreed"] }, children = { at-least = 1 } }
unless  = { any = [
  { situation = "own-home" },
  { entered = { situation = "crisis-shelter", at-least = 3, within = "12 months" } },
] }
asks    = "conference"
expires = "6 weeks"
answers = "conference"
"""

REVIEW = """\
id    = "review-date"
title = { nl = "De kring bespreekt het plan", en = "The circle reviews the plan" }
why   = { nl = "De kring koos deze dag zelf.", en = "The circle chose this day itself." }

[on]
records = "review-date"

[[steps]]
id       = "ahead"
due      = "1 week before"
to       = "worker"
outlives = true
late     = "skip"
urgent   = true
expires  = "6 days"
answers  = "done"
"""

TESTS = """\
[[tests]]
name   = "a map after two weeks, and a conference three weeks after the map"
rule   = "crisis-intake"
events = [
  { day = 2026-03-02, situation = "crisis-shelter" },
  { day = 2026-03-02, worker = "w1", team = "north" },
  { day = 2026-03-05, fact = "children", value = 2 },
  { day = 2026-03-16, answer = "mapped.mapped", to = "crisis-intake/map-network" },
  { day = 2026-04-07, answer = "conference.declined", to = "crisis-intake/propose", facts = { declined-because = "shame" } },
]
expect = [
  { day = 2026-03-16, step = "map-network", to = "worker", variant = "crisis-intake/map-network" },
  { day = 2026-04-07, step = "propose" },
]

[[tests]]
name   = "who has a home again is not asked"
rule   = "crisis-intake"
events = [{ day = 2026-03-02, situation = "crisis-shelter", until = 2026-03-10, destination = "own-home" }]
not    = [{ step = "map-network", because = "moved-on" }]
"""

WHOLE_WAY = """\
[[tests]]
name   = "while w1 is away w2 is prompted, and the team lead hears of it when nobody answers"
rule   = "crisis-intake"
cap    = 2
closing_days = [2026-03-17]
people = [
  { id = "w1", team = "north", works = ["mon", "wed"], away = [
    { from = 2026-03-10, until = 2026-03-27, deputy = "w2" },
  ] },
  { id = "w2", team = "north" },
  { id = "lead", team = "north", role = "team-lead" },
]
events = [
  { day = 2026-03-02, situation = "crisis-shelter" },
  { day = 2026-03-02, worker = "w1" },
]
expect = [
  { day = 2026-03-16, step = "map-network", person = "w2", text = "is er sinds" },
  { day = 2026-03-24, step = "map-network", kind = "reminder", person = "w2" },
  { day = 2026-03-31, step = "map-network", kind = "escalation", to = "team-lead", person = "lead" },
  { day = 2026-04-01, step = "map-network", kind = "reminder", person = "w1", text-en = ["map", "is here since"] },
]
not    = [{ step = "map-network", kind = "notice" }]
"""
"""A test that goes the whole way, to people: w1 works two days a week and is away, and 17 March is a closing day."""


def text(title: str, lang: str = "nl") -> str:
    """A prompt text with a title, a variable and a condition."""
    since = {"nl": "is er sinds", "en": "is here since"}[lang]
    return f"# {title}\n\n{{{{ client }}}} {since} {{{{ day }}}}.\n\n{{% if places %}}\n- {{{{ places }}}}\n{{% endif %}}\n"


TEXTS = (
    "crisis-intake/map-network",
    "crisis-intake/map-network-language",
    "crisis-intake/propose",
    "review-date/ahead",
    "still-current/ask",
)

FILES = {
    "rules/vocabulary.toml": VOCABULARY,
    "rules/crisis-intake.toml": INTAKE,
    "rules/review-date.toml": REVIEW,
    "rules/tests/crisis-intake.toml": TESTS,
    "rules/tests/whole-way.toml": WHOLE_WAY,
    **{
        f"templates/prompts/{name}.{lang}.md": text(name.split("/")[1], lang)
        for name in TEXTS
        for lang in LANGUAGES
    },
}

CALENDAR = Calendar()


def check_house(folder: Path) -> tuple[Problem, ...]:
    """All that is wrong with a house in this folder."""
    return check(folder / "rules", LANGUAGES, folder / "templates", DESKS)
