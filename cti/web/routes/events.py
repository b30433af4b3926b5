"""Where registrations push what changes: CloudEvents in, 202 when they are on disk.

It is asked by programs, which show a token or sign; no session and no form of ours is of any use here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from cti.i18n import mark, say
from cti.sources.http import Options
from cti.sources.http.envelope import Delivered, Unusable, delivered
from cti.store.inbox import Delivery
from cti.web.asked import Asked, Asking
from cti.web.guard import Access
from cti.web.router import Pages
from cti.web.senders import SIGNATURE, of_signature, of_token, senders

pages = Pages()

PATH = "/events"

LARGEST = 1_048_576
"""Bytes of the largest request that is read."""

LATER = 30
"""Seconds after which a sender is asked to try again."""

PROGRAMS = Access(None, form=False)


@pages.act(PATH, PROGRAMS)
async def events(asked: Asking) -> JSONResponse:
    """Takes all events of a request or none. 202: they are on disk; what is sent again is taken and adds nothing."""
    try:
        source, found = await _read(asked)
    except Unusable as wrong:
        return _wrong(asked.lang, wrong)
    if source is None:
        return _refused(asked.lang)
    try:
        new = await asyncio.wrap_future(asked.site.desk.take(source.name, found, asked.now))
    except Exception:  # told in the log by whoever could not keep it
        return failed(asked.lang, 503)
    if new is None:
        return _answer(asked.lang, 503, mark("Too much waits to be read. Keep it, and send it again later."))
    return JSONResponse({"taken": len(found), "new": new}, 202)


async def _read(asked: Asked) -> tuple[Options | None, list[Delivery]]:
    """Who sends, and what; None where that is nobody we know, whose body is read only where it may be signed."""
    known = senders(asked.site.config)
    if not known:
        raise HTTPException(404)
    headers = dict(asked.request.headers)
    signed = SIGNATURE in headers
    source = None if signed else of_token(known, headers)
    if source is None and not signed:
        return None, []
    body = await asked.request.body()

    def judged() -> tuple[Options | None, list[Delivery]]:
        sender = of_signature(known, headers, body) if signed else source
        if sender is None:
            return None, []
        return sender, [_kept(one) for one in delivered(headers, body, sender, signed)]

    return await run_in_threadpool(judged)


def failed(lang: str, status: int) -> JSONResponse:
    """What a program is told where its request did not come through."""
    if status == 413:
        text = mark("That is too much at once: at most {n} bytes. Send fewer events in a batch.")
        return _answer(lang, status, text, n=LARGEST)
    return _answer(lang, status, mark("Something went wrong here. Keep it, and send it again later."))


def _refused(lang: str) -> JSONResponse:
    text = mark(
        "Nobody we know: the token or the signature is missing or another, or was made more than five minutes ago."
    )
    answer = _answer(lang, 401, text)
    answer.headers["www-authenticate"] = "Bearer"
    return answer


def _wrong(lang: str, wrong: Unusable) -> JSONResponse:
    text = mark("Nothing was taken. Mend what is wrong, and send all of it again.")
    return _answer(lang, wrong.status, text, errors=[fault.data(lang) for fault in wrong.faults])


def _answer(
    lang: str, status: int, text: str, errors: Sequence[Mapping[str, object]] = (), **params: object
) -> JSONResponse:
    """A problem, as RFC 9457 has it."""
    body: dict[str, object] = {
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": say(lang, text, **params),
    }
    if errors:
        body["errors"] = errors
    headers = {"retry-after": str(LATER)} if status >= 500 else None
    return JSONResponse(body, status, headers, "application/problem+json")


def _kept(one: Delivered) -> Delivery:
    return Delivery(one.key, one.client, one.kind, one.recorded, one.fields)
