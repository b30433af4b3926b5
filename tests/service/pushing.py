"""A registration that pushes to a real service until it is told that all was taken, whatever becomes of the service meanwhile."""

from __future__ import annotations

import time
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from typing import Any

from tests.service.waiting import PATIENCE
from tests.web.sender import batch


class Sender:
    """One connection to the service at this port, made anew where it breaks."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def push(self, events: Sequence[dict[str, Any]]) -> int | None:
        """Sends these once; gives the status of the answer, or None where there was none."""
        body, headers = batch(list(events))
        try:
            self._connection.request("POST", "/events", body, headers)
            answer = self._connection.getresponse()
            answer.read()
        except (OSError, HTTPException):
            self._connection.close()
            return None
        return answer.status

    def close(self) -> None:
        self._connection.close()

    def until_taken(self, events: Sequence[dict[str, Any]]) -> None:
        """Sends these until they are taken."""
        end = time.monotonic() + PATIENCE
        while (status := self.push(events)) != 202:
            assert status is None or status >= 500, status
            assert time.monotonic() < end, "nothing is taken"
            time.sleep(0.1)
