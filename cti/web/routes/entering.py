"""What someone enters about a client without a prompt: an expected move, facts, what was said on a path; and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from starlette.responses import Response

from cti.core.paths import facts_on_paths
from cti.engine.at_once import replan_now
from cti.engine.pathway import say_on_path
from cti.engine.recording import Recorded, expect, record_facts, take_out, undo
from cti.i18n import mark, say
from cti.problems import Problems
from cti.web.asked import Asked, Asking
from cti.web.guard import of
from cti.web.render import done
from cti.web.router import Pages
from cti.web.routes.client import HERE, shown_again
from cti.web.views.answers import WRONG, Sent, as_sentence, checked
from cti.web.views.known import EXPECTING, Filled

pages = Pages()

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pages.act(f"{HERE}/expect", of("client"))
def expect_move(asked: Asking, client: int) -> Response:
    """Records that a move is expected, on a day where one is known."""
    values = {name: asked.form.get(name, "").strip() for name in ("situation", "day")}
    wrong: dict[str, str] = {}
    if not values["situation"]:
        wrong["situation"] = say(asked.lang, "Choose where to.")
    day = _day(values["day"])
    if values["day"] and day is None:
        wrong["day"] = say(asked.lang, WRONG["date"])
    if wrong:
        return shown_again(asked, client, filled=Filled(EXPECTING, values, wrong))
    return _entered(
        asked,
        client,
        lambda: expect(
            asked.site.system,
            asked.site.rules().rulebook,
            client,
            values["situation"],
            day,
            asked.now,
            asked.you.id,
        ),
        lambda found: Filled(EXPECTING, values, found),
        "situation",
    )


@pages.act(f"{HERE}/fact", of("client"))
def record_fact(asked: Asking, client: int) -> Response:
    """Records one fact, from a day on."""
    rulebook = asked.site.rules().rulebook
    name = asked.form.get("name", "")
    if name not in rulebook.vocabulary.facts or name in facts_on_paths(rulebook):
        return done(asked, HERE.format(client=client), NOT_HERE, "wrong")
    kind = rulebook.vocabulary.facts[name]
    text = asked.form.get(f"fact.{name}", "").strip()
    values = {name: text, "day": asked.form.get("day", asked.today.isoformat()).strip()}
    wrong: dict[str, str] = {}
    day = _day(values["day"])
    if not text:
        wrong[name] = say(asked.lang, "Fill this in.")
    if day is None:
        wrong["day"] = say(asked.lang, WRONG["date"])
    if wrong or day is None:
        return shown_again(asked, client, filled=Filled(name, values, wrong))

    def mended(found: dict[str, str]) -> Filled:
        # What the engine says of a value speaks to a terminal; here the field says what it takes.
        if name in found and kind.type != "date":
            found[name] = say(asked.lang, WRONG[kind.type])
        return Filled(name, values, found)

    return _entered(
        asked,
        client,
        lambda: record_facts(asked.site.system, rulebook, client, {name: text}, day, asked.now, asked.you.id),
        mended,
        name,
    )


@pages.act(f"{HERE}/path", of("client"))
def say_on(asked: Asking, client: int) -> Response:
    """Records what was said or agreed along a path, as of a day."""
    rulebook, vocabulary = asked.site.rules().rulebook, asked.site.rules().rulebook.vocabulary
    said = asked.form.get("answer", "")
    answers, _, word = said.partition(".")
    kind = vocabulary.answers.get(answers, {}).get(word)
    if kind is None:
        return done(asked, HERE.format(client=client), NOT_HERE, "wrong")
    given = {name.removeprefix("fact."): value for name, value in asked.form.items()}
    sent = checked(asked.lang, kind, given, vocabulary, asked.today)
    typed = asked.form.get("day", "").strip() or asked.today.isoformat()
    day = _day(typed)
    wrong = dict(sent.wrong)
    if day is None:
        wrong["day"] = say(asked.lang, WRONG["date"])
    if wrong or day is None:
        return shown_again(asked, client, sent=Sent(said, {**sent.facts, "day": typed}, wrong))
    return _entered(
        asked,
        client,
        lambda: say_on_path(
            asked.site.system, rulebook, client, answers, word, sent.facts, day, asked.now, asked.you.id
        ),
        lambda found: Sent(said, {**sent.facts, "day": typed}, found),
        "",
    )


@pages.act(f"{HERE}/take-out", of("client"))
def take_it_out(asked: Asking, client: int) -> Response:
    """Takes something that was entered here back, however long ago."""
    ref = asked.form.get("ref", "")
    back = HERE.format(client=client)
    try:
        outcome = take_out(asked.site.system, client, [ref], asked.now, asked.you.id)
    except Problems:
        return done(asked, back, GONE, "note")
    if outcome.kind == "already":
        return done(asked, back, GONE, "note")
    replan_now(asked.site.system, client, asked.now)
    return done(asked, back, mark("Taken out. What followed from it is planned anew."))


@pages.act(f"{HERE}/undo", of("client"))
def undo_entry(asked: Asking, client: int) -> Response:
    """Takes back what was entered a moment ago: what stood before it stands again."""
    asked_for = asked.request.query_params
    back = HERE.format(client=client)
    try:
        at = EPOCH + timedelta(microseconds=int(asked_for.get("at", "")))
        refs = asked_for.getlist("ref")
        outcome = undo(asked.site.system, client, refs, at, asked.now, asked.you.id)
    except (ValueError, OverflowError, Problems):
        return done(asked, back, GONE, "note")
    if outcome.kind == "already":
        return done(asked, back, GONE, "note")
    replan_now(asked.site.system, client, asked.now)
    return done(asked, back, mark("Undone."))


NOT_HERE = mark("This cannot be said here. Nothing was recorded.")
GONE = mark("It no longer stood here. Nothing changed.")


def _entered(
    asked: Asked,
    client: int,
    act: Callable[[], Recorded],
    mended: Callable[[dict[str, str]], Filled | Sent],
    otherwise: str,
) -> Response:
    """Does it and plans the client anew; where it cannot be, the form again with what is wrong beside its fields (`otherwise`
    where a problem names no field)."""
    here = HERE.format(client=client)
    try:
        outcome = act()
    except Problems as failed:
        found = {
            one.field or otherwise: as_sentence(one.message(asked.lang)) for one in reversed(failed.problems)
        }
        if "" in found:
            return done(
                asked,
                here,
                mark("That cannot be: {why}"),
                "wrong",
                why=failed.problems[0].message(asked.lang),
            )
        again = mended(found)
        if isinstance(again, Sent):
            return shown_again(asked, client, sent=again)
        return shown_again(asked, client, filled=again)
    if outcome.kind == "already":
        return done(asked, here, mark("This was recorded already. Nothing changed."), "note")
    replan_now(asked.site.system, client, asked.now)
    text = mark("Recorded. What follows from it stands under “What is to come”.")
    return done(asked, here, text, undo=_undo(asked, here, outcome))


def _undo(asked: Asked, here: str, outcome: Recorded) -> str:
    at = (asked.now - EPOCH) // timedelta(microseconds=1)
    refs = "".join(f"&ref={ref}" for ref in dict.fromkeys(outcome.refs))
    return f"{here}/undo?at={at}{refs}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
