"""One prompt, and what people do with it: answer, take that back, put it off, hand it over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from starlette.exceptions import HTTPException
from starlette.responses import Response

from cti.engine.acting import Outcome, hand_back, hand_over, snooze, wake
from cti.engine.answering import NOT_RELEVANT, answer, answers_for, not_relevant, take_back
from cti.engine.at_once import replan_now
from cti.engine.people import staff_of
from cti.i18n import mark
from cti.problems import Problems
from cti.store import prompts
from cti.web.asked import Asked, Asking
from cti.web.guard import of
from cti.web.reach import relation_to
from cti.web.render import done, page
from cti.web.router import Pages
from cti.web.routes.explained import explained
from cti.web.views.answers import Sent, checked, reasons
from cti.web.views.prompt import Reader, Shown, shown

pages = Pages()

HERE = "/prompts/{prompt}"


@pages.show(HERE, of("prompt"))
def show(asked: Asking, prompt: int) -> Response:
    """The prompt, with its answers."""
    found = _shown(asked, prompt)
    asked.site.trail.saw(asked.you, "saw-prompt", asked.now, found.client_number, prompt)
    return _page(asked, found)


@pages.act(f"{HERE}/answer", of("prompt"))
def give(asked: Asking, prompt: int) -> Response:
    """Records an answer, with the facts that were filled in. A second time, from another device or too late, says what stands."""
    rulebook = asked.site.rules().rulebook
    with asked.site.system.database.read() as tx:
        row = prompts.by_id(tx, prompt)
    said = asked.form.get("answer", "")
    kind = answers_for(rulebook, row).get(said) if row is not None else None
    if kind is None:
        return done(asked, _here(prompt), mark("Choose one of the answers. Nothing was recorded."), "wrong")
    seen = _seen(asked)
    if kind is NOT_RELEVANT:
        reason = asked.form.get("reason") or None
        return _acted(
            asked,
            prompt,
            ANSWERED,
            lambda: not_relevant(
                asked.site.system, rulebook, prompt, reason, asked.now, asked.you.id, seen_at=seen
            ),
        )
    given = {name.removeprefix("fact."): value for name, value in asked.form.items()}
    sent = checked(asked.lang, kind, given, rulebook.vocabulary, asked.today)
    if sent.wrong:
        return _page(asked, _shown(asked, prompt, sent), 400)
    return _acted(
        asked,
        prompt,
        ANSWERED,
        lambda: answer(
            asked.site.system,
            rulebook,
            str(prompt),
            said,
            asked.now,
            sent.facts,
            by=asked.you.id,
            seen_at=seen,
        ),
    )


@pages.act(f"{HERE}/take-back", of("prompt"))
def undo(asked: Asking, prompt: int) -> Response:
    """Takes the answer back, for as long as that can be done."""
    return _acted(
        asked, prompt, TAKEN_BACK, lambda: take_back(asked.site.system, prompt, asked.now, asked.you.id)
    )


@pages.act(f"{HERE}/snooze", of("prompt"))
def put_off(asked: Asking, prompt: int) -> Response:
    """Puts the reminder off to a day; the time that there is stays as it was."""
    day = _day(asked.form.get("until", ""))
    if day is None:
        return done(asked, _here(prompt), mark("Choose a day. Nothing was changed."), "wrong")
    return _acted(
        asked, prompt, ASLEEP, lambda: snooze(asked.site.system, prompt, day, asked.now, asked.you.id)
    )


@pages.act(f"{HERE}/wake", of("prompt"))
def wake_up(asked: Asking, prompt: int) -> Response:
    """Takes a putting off back."""
    return _acted(asked, prompt, AWAKE, lambda: wake(asked.site.system, prompt, asked.now, asked.you.id))


@pages.act(f"{HERE}/hand-over", of("prompt"))
def pass_on(asked: Asking, prompt: int) -> Response:
    """Hands it to a colleague, who is told of it."""
    to = asked.form.get("to", "")
    return _acted(
        asked, prompt, HANDED, lambda: hand_over(asked.site.system, prompt, to, asked.now, asked.you.id)
    )


@pages.act(f"{HERE}/hand-back", of("prompt"))
def pass_back(asked: Asking, prompt: int) -> Response:
    """Gives it back to whoever it is for by itself."""
    return _acted(asked, prompt, BACK, lambda: hand_back(asked.site.system, prompt, asked.now, asked.you.id))


Words = Mapping[str, str]

ANSWERED: Words = {
    "done": mark("Recorded. Thank you."),
    "replaced": mark("Recorded, in place of the earlier answer."),
    "already": mark("This was recorded already. Nothing changed."),
    "too-late": mark("Nothing was recorded: it stands otherwise than when you opened this page. Look below."),
}
TAKEN_BACK: Words = {
    "done": mark("Taken back, with what it had recorded."),
    "already": mark("There is no answer to take back. Nothing changed."),
    "too-late": mark("That was too long ago to take back. You can give another answer."),
}
ASLEEP: Words = {
    "done": mark("Put off. The time that you have stays the same."),
    "already": mark("It was put off to that day already."),
}
AWAKE: Words = {
    "done": mark("It is no longer put off."),
    "already": mark("It was not put off. Nothing changed."),
}
HANDED: Words = {
    "done": mark("Handed over. Your colleague is told of it."),
    "already": mark("Your colleague has it already. Nothing changed."),
}
BACK: Words = {
    "done": mark("It is back where it came from."),
    "already": mark("Nobody had handed it over. Nothing changed."),
}
TOO_LATE = mark("Nothing was changed: this prompt no longer asks anything. Look below.")


def _acted(asked: Asked, number: int, words: Words, act: Callable[[], Outcome]) -> Response:
    """Does it, plans the client anew so that what follows is seen at once, and says what happened."""
    try:
        outcome = act()
    except Problems as wrong:
        # Words of ours about what was filled in; the first is enough to go on.
        first = wrong.problems[0]
        return done(
            asked, _here(number), mark("That cannot be: {why}."), "wrong", why=first.message(asked.lang)
        )
    if outcome.kind in ("done", "replaced"):
        system = asked.site.system
        with system.database.read() as tx:
            client = prompts.client_of(tx, number)
        if client is not None:
            replan_now(system, client, asked.now)
        undo = f"{_here(number)}/take-back" if words is ANSWERED else ""
        return done(asked, _here(number), words[outcome.kind], undo=undo)
    return done(asked, _here(number), words.get(outcome.kind, TOO_LATE), "note")


def _shown(asked: Asked, number: int, sent: Sent | None = None) -> Shown:
    rules = asked.site.rules()
    system = asked.site.system
    with system.database.read() as tx:
        reader = Reader(asked.you, asked.lang, staff_of(tx, system))
        found = shown(tx, system, rules, number, reader, asked.now, sent)
    if found is None:
        raise HTTPException(404)
    return found


def _page(asked: Asked, found: Shown, status: int = 200) -> Response:
    # A prompt that was handed over is somebody's whose client it is not.
    near = relation_to(asked.site, asked.you, "client", found.client_number, asked.today)
    return page(
        asked,
        "prompt.html",
        status,
        prompt=found,
        link=asked.site.in_registration(found.client),
        reasons=reasons(asked.lang),
        seen=asked.now.isoformat(),
        explained=explained(asked, found.question),
        near=near != "none",
    )


def _here(number: int) -> str:
    return HERE.format(prompt=number)


def _seen(asked: Asked) -> datetime | None:
    """When the page was made on which the button stood."""
    try:
        seen = datetime.fromisoformat(asked.form.get("seen", ""))
    except ValueError:
        return None
    return seen if seen.utcoffset() is not None else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
