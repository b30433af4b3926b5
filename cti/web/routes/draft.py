"""The managers' draft: looked through, simulated, and put in force by a button. Nothing here is about a client."""

from __future__ import annotations

from starlette.responses import Response

from cti.engine import Busy
from cti.engine.adopting import Altered, OverLimit, adopt
from cti.i18n import mark
from cti.problems import Problems
from cti.web.asked import Asked, Asking
from cti.web.guard import STEERS, only
from cti.web.render import done, page
from cti.web.router import Pages
from cti.web.views.draft import Draft, draft_of
from cti.workshop import findings
from cti.workshop.disclosure import shown
from cti.workshop.draft import see_draft
from cti.workshop.findings import Findings
from cti.workshop.page import whole

pages = Pages()

HERE = "/rules/draft"
MANAGER = only("manager")
BUSY = mark("The draft is being looked through already. Look again in a moment.")


@pages.show(HERE, STEERS)
def draft(asked: Asking) -> Response:
    """Where the draft stands, and what was found in it."""
    return page(asked, "draft.html", draft=_draft(asked))


@pages.act(f"{HERE}/look", MANAGER)
def look(asked: Asking) -> Response:
    """Has it checked, tested, and its changes worked out, beside the service."""
    seen = see_draft(asked.site.config)
    if seen is None:
        return done(asked, HERE, mark("There is no draft to look through."), "wrong")
    return _begin(asked, Findings(seen.digest, asked.now, asked.you.id), "look")


@pages.act(f"{HERE}/simulate", MANAGER)
def simulate(asked: Asking) -> Response:
    """Has it simulated beside the service, which may take a minute."""
    draft = _draft(asked)
    if not draft.simulable or draft.found is None:
        return done(asked, HERE, mark("Have the draft looked through first."), "wrong")
    work = findings.again(draft.found, "simulating", asked.now, asked.you.id)
    return _begin(asked, work, "simulate")


@pages.show(f"{HERE}/simulated", STEERS)
def simulated(asked: Asking) -> Response:
    """What the simulation says."""
    draft = _draft(asked)
    if draft.said.simulation is None:
        return done(asked, HERE)
    return page(asked, "simulated.html", draft=draft)


@pages.show(f"{HERE}/simulated.html", STEERS)
def take_along(asked: Asking) -> Response:
    """The same as a page to mail to a colleague."""
    draft = _draft(asked)
    if draft.said.simulation is None:
        return done(asked, HERE)
    headers = {"content-disposition": 'attachment; filename="simulation.html"'}
    return Response(
        whole(asked.lang, draft.said.simulation), media_type="text/html; charset=utf-8", headers=headers
    )


@pages.show(f"{HERE}/adopt", MANAGER)
def confirm(asked: Asking) -> Response:
    """Asks whether the draft is to come into force, with what that changes."""
    draft = _draft(asked)
    if not draft.adoptable:
        return done(asked, HERE)
    return page(asked, "adopt.html", draft=draft, over=draft.said.over)


@pages.act(f"{HERE}/adopt", MANAGER)
def put_in_force(asked: Asking) -> Response:
    """Puts the draft in force as it was looked through. Over a limit only if that is ticked."""
    digest, force = asked.form.get("digest", ""), asked.form.get("force") == "yes"
    try:
        now = adopt(asked.site.system, digest, asked.now, asked.you.id, force)
    except Busy:
        text = mark("A pass is being made at this moment, so nothing was done. Try again in a minute.")
        return done(asked, f"{HERE}/adopt", text, "wrong")
    except Altered:
        text = mark(
            "The draft was changed since it was looked through, so it was not adopted. Look it through."
        )
        return done(asked, HERE, text, "wrong")
    except OverLimit as reasons:
        over = tuple(one.sentence(asked.lang) for one in reasons.problems)
        return page(asked, "adopt.html", 409, draft=_draft(asked), over=over)
    except Problems as reasons:
        text = mark("Not adopted: {reasons}")
        said = "; ".join(one.sentence(asked.lang) for one in reasons.problems[:3])
        return done(asked, HERE, text, "wrong", reasons=said)
    asked.site.hurry()
    plan = now.planning
    text = mark(
        "The draft is in force from now on, as number {number}. Prompts: {created} new, {moved} moved, {withdrawn} withdrawn."
    )
    counts = {name: shown(getattr(plan, name)) for name in ("created", "moved", "withdrawn")}
    return done(asked, "/rules", text, number=now.number, **counts)


def _begin(asked: Asked, work: Findings, what: str) -> Response:
    with asked.site.system.database.write() as tx:
        free = findings.begin(tx, work)
    if not free:
        return done(asked, HERE, BUSY, "note")
    asked.site.bench.start(asked.site.config.file, what)
    return done(asked, HERE)


def _draft(asked: Asked) -> Draft:
    site = asked.site
    with site.system.database.read() as tx:
        found = findings.found(tx)
    standing = site.rules().rulebook.digest
    seen = see_draft(site.config)
    return draft_of(site.config.web.draft, seen, found, standing, site.staff, asked.now, asked.lang)
