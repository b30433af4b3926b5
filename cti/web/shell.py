"""What every answer passes through: the headers that keep it safe, HEAD, the largest form, and what failed.

It stands outside of everything else, so that not even an error in a page leaves without it; and it is plain ASGI, so that no
traceback, which may quote a client's data, reaches a log.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cti import log

LARGEST = 65_536
"""Bytes of the largest form that is read."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
"""Nothing but our own style sheet and pictures: no script at all, nothing from elsewhere, in no frame."""

HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Within the house the browser tells where a form comes from; elsewhere it tells nothing.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-robots-tag": "noindex, nofollow",
    "cache-control": "no-store",
}

Trouble = Callable[[Request, int], Response]


class Shell:
    """Around the whole of the pages. `trouble` makes the page that says that something failed; `larger` names the addresses that
    take more than a form, each with its bytes."""

    def __init__(self, app: ASGIApp, secure: bool, trouble: Trouble, larger: Mapping[str, int]) -> None:
        self.app, self.trouble, self.larger = app, trouble, larger
        self.headers = dict(HEADERS)
        if secure:
            self.headers["strict-transport-security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = _Answer(send, self.headers, bare=scope["method"] == "HEAD")
        if answer.bare:
            scope = {**scope, "method": "GET"}
        try:
            if self._too_large(scope):
                await self._tell(413, scope, receive, answer)
            else:
                await self.app(scope, _limited(receive, self._largest(scope)), answer)
        except _TooLarge:
            await self._tell(413, scope, receive, answer)
        except Exception as failure:
            log.error("page failed", failure)
            if not answer.begun:
                await self._tell(500, scope, receive, answer)

    def _too_large(self, scope: Scope) -> bool:
        said = Headers(scope=scope).get("content-length", "0")
        return not said.isdecimal() or int(said) > self._largest(scope)

    def _largest(self, scope: Scope) -> int:
        return self.larger.get(scope["path"], LARGEST)

    async def _tell(self, status: int, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = self.trouble(Request(scope), status)
        except Exception as failure:
            log.error("page failed", failure)
            response = PlainTextResponse("Something went wrong. · Er ging iets mis.", status)
        await response(scope, receive, send)


class _TooLarge(Exception):
    """More was sent than the largest form holds."""


class _Answer:
    """Sends on what the pages answer, with our headers; without its body where only those were asked."""

    def __init__(self, send: Send, headers: dict[str, str], bare: bool) -> None:
        self.send, self.headers, self.bare, self.begun = send, headers, bare, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            for name, value in self.headers.items():
                headers.setdefault(name, value)
        elif self.bare and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self.send(message)


def _limited(receive: Receive, largest: int) -> Callable[[], Awaitable[Any]]:
    read = 0

    async def limited() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > largest:
            raise _TooLarge
        return message

    return limited
