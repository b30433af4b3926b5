"""The same mails by APScheduler's persistent store: a job a mail, which sends ready bytes over a connection its thread keeps."""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from apscheduler.executors.pool import ThreadPoolExecutor  # type: ignore[import-untyped]
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore  # type: ignore[import-untyped]
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]

from cti.channels.mime import Mail


class _Post:
    """What the jobs find when they run: a store holds names and numbers, no connections."""

    ready: Sequence[Mail] = ()
    port = 0
    done = threading.Semaphore(0)
    mine = threading.local()


class Jobs:
    """Jobs in a store on SQLite, all of them due, one for each mail. They wait until they are fired."""

    def __init__(self, ready: Sequence[Mail], port: int, file: Path, threads: int) -> None:
        _Post.ready, _Post.port, _Post.done = ready, port, threading.Semaphore(0)
        stores = {"default": SQLAlchemyJobStore(url=f"sqlite:///{file}")}
        pool = {"default": ThreadPoolExecutor(threads)}
        self._scheduler = BackgroundScheduler(jobstores=stores, executors=pool, timezone=UTC)
        self._scheduler.start(paused=True)
        for number in range(len(ready)):
            # Without this grace it would drop what is late instead of firing it.
            self._scheduler.add_job(
                _send, "date", run_date=datetime.now(UTC), args=[number], misfire_grace_time=None
            )

    def fire(self) -> None:
        """Lets all that is due run, to the last."""
        self._scheduler.resume()
        for _ in _Post.ready:
            _Post.done.acquire()
        self._scheduler.shutdown()


def _send(number: int) -> None:
    one = _Post.ready[number]
    if not hasattr(_Post.mine, "smtp"):
        _Post.mine.smtp = smtplib.SMTP("127.0.0.1", _Post.port)
    _Post.mine.smtp.sendmail(one.sender, one.recipient, one.data)
    _Post.done.release()
