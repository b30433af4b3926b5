"""A heartbeat around the tick. APScheduler says when; what is to be done stands in the database, not in it.

So nothing is lost with the process: a pass that was missed is made up for by the next one, which sees the same rows.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Collection

from apscheduler.executors.pool import ThreadPoolExecutor  # type: ignore[import-untyped]
from apscheduler.jobstores.memory import MemoryJobStore  # type: ignore[import-untyped]
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]
from apscheduler.triggers.cron import CronTrigger  # type: ignore[import-untyped]
from apscheduler.triggers.interval import IntervalTrigger  # type: ignore[import-untyped]

from cti import log
from cti.channels.ping import ping
from cti.config.model import Webhook
from cti.engine import Busy, ClockWrong, System, tick
from cti.engine.housekeeping import keep_house
from cti.engine.quiet import quiet_sources
from cti.engine.webhooks import tell
from cti.problems import Problems
from cti.service.clock import Clock, clock
from cti.service.report import report
from cti.web.feeds import refresh

WEBHOOK_SECONDS = 20
"""How often is looked whether there is something to tell."""

HOUSEKEEPING_HOUR = 3
"""At this local hour, when nobody waits for a mail, the day's housekeeping is done."""


class Passes:
    """Ticks at the pace of the config until `stop` is called.

    All jobs share one thread, so there is one pass at a time; other processes are kept out by the tick's own lock.
    """

    def __init__(self, system: System, now: Clock = clock) -> None:
        self.system = system
        self.now = now
        self._unheard = False  # whether the last ping went wrong
        self._stopping = threading.Event()
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={
                "default": ThreadPoolExecutor(1),
                "ping": ThreadPoolExecutor(1),
                "webhooks": ThreadPoolExecutor(max(1, len(system.config.webhooks))),
                "calendars": ThreadPoolExecutor(1),
            },
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone=system.config.calendar.zone,
        )
        self._plan_jobs()

    def run(self) -> None:
        """Works until it is told to stop, finishes the pass in hand, and returns."""
        # A pass that takes longer than a minute makes the scheduler warn each minute; that is no news to anyone.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler.start()
        try:
            self._stopping.wait()
        finally:
            self._scheduler.shutdown(wait=True)

    def stop(self) -> None:
        """Asks for the end; safe to call from a signal handler, and more than once."""
        self._stopping.set()

    def beat(self) -> None:
        """One more pass as soon as the one in hand is done, beside those that come by themselves."""
        self._scheduler.add_job(self._pass, args=("due", None))

    def jobs(self) -> dict[str, str]:
        """What is done when, by the id of the job."""
        return {
            job.id: "at once" if job.id == "start" else str(job.trigger) for job in self._scheduler.get_jobs()
        }

    def _plan_jobs(self) -> None:
        config = self.system.config
        add = self._scheduler.add_job
        add(self._pass, args=("start", None), id="start")
        for source in config.sources:
            # A source's name may be anything but the id of another job.
            add(self._pass, IntervalTrigger(seconds=int(source.every.total_seconds())), args=("source", (source.name,)),
                id=f"source:{source.name}")  # fmt: skip
        add(self._pass, IntervalTrigger(minutes=1), args=("due", ()), id="due")
        for hook in config.webhooks:
            # Each in a thread of its own: an address that answers late or never keeps nobody waiting.
            add(self._tell_webhook, IntervalTrigger(seconds=WEBHOOK_SECONDS), args=(hook,),
                id=f"webhook:{hook.name}", executor="webhooks")  # fmt: skip
        add(self._refresh_calendars, IntervalTrigger(minutes=1), id="calendars", executor="calendars")
        digest = config.habits.digest_at or config.calendar.opens
        at_digest = CronTrigger(
            hour=digest.hour, minute=digest.minute, second=1, timezone=config.calendar.zone
        )
        add(self._pass, at_digest, args=("digest", ()), id="digest")
        daily = CronTrigger(hour=HOUSEKEEPING_HOUR, minute=17, timezone=config.calendar.zone)
        add(self._keep_house, daily, id="housekeeping")

    def _pass(self, job: str, sources: Collection[str] | None) -> None:
        """One pass. Whatever goes wrong in it is logged, and the next one comes all the same."""
        if self._stopping.is_set():
            return
        began = time.monotonic()
        try:
            done = tick(
                self.system, self.now(), sources=sources, by="cti run", stopping=self._stopping.is_set
            )
        except Busy:
            log.info("pass left to another process", job=job)
        except ClockWrong as wrong:
            log.warning(
                "pass waits because of the clock", job=job, reason=wrong.how, last=wrong.last, now=wrong.now
            )
        except Problems as wrong:
            log.error("pass without rules", job=job, problems=len(wrong.problems))
        except Exception as failure:
            log.error("pass failed", failure, job=job)
        else:
            report(done, job, time.monotonic() - began)
            self._tell_alive()
            if job in ("start", "digest"):  # once a day is often enough to be told
                for quiet in quiet_sources(self.system, done.now):
                    log.warning("source brings nothing new", source=quiet.params["source"])

    def _tell_alive(self) -> None:
        """Asks the address that listens for us, if there is one, beside the heartbeat: it may answer late or never."""
        if self.system.config.web.ping is not None:
            self._scheduler.add_job(self._ping, id="ping", replace_existing=True, executor="ping")

    def _ping(self) -> None:
        error = ping(str(self.system.config.web.ping))
        if error is not None and not self._unheard:
            log.warning("ping was not heard", reason=error)
        self._unheard = error is not None

    def _tell_webhook(self, hook: Webhook) -> None:
        """Tells other tools what became of prompts. Whatever goes wrong in it, passes are made all the same."""
        try:
            told = tell(self.system, hook, self.now, self._stopping.is_set)
        except Exception as failure:
            log.error("webhook failed", failure, webhook=hook.name)
            return
        if told.arrived:
            log.info("webhook told", webhook=hook.name, events=told.arrived)
        if told.error is not None:
            log.warning("webhook not heard", webhook=hook.name, reason=told.error)
        if told.refused:
            log.warning("webhook refuses events", webhook=hook.name, events=told.refused)

    def _refresh_calendars(self) -> None:
        try:
            refresh(self.system, self.now())
        except Exception as failure:
            log.error("calendars not refreshed", failure)

    def _keep_house(self) -> None:
        if self._stopping.is_set():
            return
        began = time.monotonic()
        try:
            counts = keep_house(self.system, self.now())
        except Exception as failure:
            log.error("housekeeping failed", failure, job="housekeeping")
        else:
            log.info("housekeeping done", seconds=time.monotonic() - began, **counts)
