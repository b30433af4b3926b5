"""The heartbeat around the parts of a pass. APScheduler says when; what is to be done stands in the database, not in it.

So nothing is lost with the process: what was missed is made up for by the next look, which sees the same rows.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from apscheduler.jobstores.memory import MemoryJobStore  # type: ignore[import-untyped]
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]
from apscheduler.triggers.cron import CronTrigger  # type: ignore[import-untyped]
from apscheduler.triggers.interval import IntervalTrigger  # type: ignore[import-untyped]

from cti import log
from cti.channels.ping import ping
from cti.config.model import Tasks, Webhook
from cti.engine import Busy, ClockWrong, System, locks, plan, post, read
from cti.engine.housekeeping import keep_house
from cti.engine.quiet import quiet_sources
from cti.engine.tasks import exchange
from cti.engine.webhooks import tell
from cti.problems import Problems
from cti.service import report
from cti.service.clock import Clock, clock
from cti.sources import http
from cti.sources.base import SourceOptions
from cti.store import schema, sources
from cti.store.errors import TooNew, TooOld
from cti.web.feeds import refresh

T = TypeVar("T")

BY = "cti run"

WEBHOOK_SECONDS = 20
TASK_SECONDS = 60
"""How often is looked whether there is something to tell."""

GATHERING = 0.5
"""Seconds for which what is pushed is gathered before it is read: a pass for each event would be all that is done."""

TRIES = 50
"""How often a part asks for its turn, a tenth of a second apart, before it is left to who has it for so long."""

SOURCES = 8
"""How many sources are read at the same time; each takes up to two connections to the database."""

HOUSEKEEPING_HOUR = 3
"""At this local hour, when nobody waits for a mail, the day's housekeeping is done."""

HOUSEKEEPING_TRIES = 3000
"""How often housekeeping asks whether nothing else is being done, a fifth of a second apart. Else there is another day."""


class Passes:
    """Reads, plans and posts at the pace of the config until `stop` is called.

    Each part has a thread of its own, and each source: one that is slow keeps none of the others waiting. What was read is
    planned at once, and what was planned is posted at once. Other services are kept out by the parts' own locks.
    """

    def __init__(self, system: System, now: Clock = clock) -> None:
        self.system = system
        self.now = now
        self._unheard = False  # whether the last ping went wrong
        self._well = True  # whether the last planning went well
        self._begun = False  # whether anything was posted
        self._stopping = threading.Event()
        self._asked: set[str] = set()
        """The parts that wait for their thread; what is asked for once more meanwhile is done once."""
        self._reading: set[str] = set()
        """The sources that are read just now."""
        self._busy = threading.Event()
        """While something is planned."""
        one = ("plan", "post", "housekeeping", "ping", "calendars")
        some = {"sources": min(SOURCES, len(system.config.sources)), "webhooks": len(system.config.listeners)}
        self._pools = {
            name: ThreadPoolExecutor(max(1, some.get(name, 1)), thread_name_prefix=name)
            for name in (*one, *some)
        }
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone=system.config.calendar.zone,
        )
        self._plan_jobs()

    def run(self) -> None:
        """Works until it is told to stop, finishes what is in hand, and returns."""
        # What takes longer than its pace makes the scheduler warn each time; that is no news to anyone.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._soon("plan", "plan", self._begin)
        self._scheduler.start()
        try:
            self._stopping.wait()
        finally:
            self._scheduler.shutdown()
            for pool in self._pools.values():
                pool.shutdown()

    def stop(self) -> None:
        """Asks for the end; safe to call from a signal handler, and more than once."""
        self._stopping.set()

    def beat(self) -> None:
        """One more pass as soon as the one in hand is done, beside those that come by themselves."""
        slow = bool(self._reading)
        self._read_all()
        if slow or not self.system.config.sources:
            self._look()  # nothing that is due waits for a source that is slow

    def pushed(self) -> None:
        """Something was pushed: the sources that are pushed to are read soon."""
        for source in self.system.config.sources:
            if isinstance(source, http.Options):
                self._soon(f"source:{source.name}", "sources", self._read_pushed, source)

    def jobs(self) -> dict[str, str]:
        """What is done when, by the id of the job."""
        return {job.id: str(job.trigger) for job in self._scheduler.get_jobs()}

    def _plan_jobs(self) -> None:
        config = self.system.config
        add = self._scheduler.add_job
        for source in config.sources:
            # A source's name may be anything but the id of another job.
            every = IntervalTrigger(seconds=int(source.every.total_seconds()))
            name = f"source:{source.name}"
            add(self._soon, every, args=(name, "sources", self._read_again, source), id=name)
        add(self._look, IntervalTrigger(minutes=1), id="due")
        for hook in config.webhooks:
            # Each in a thread of its own: an address that answers late or never keeps nobody waiting.
            name = f"webhook:{hook.name}"
            add(self._unless_busy, IntervalTrigger(seconds=WEBHOOK_SECONDS), id=name,
                args=(name, "webhooks", self._tell_webhook, hook))  # fmt: skip
        for server in config.tasks:
            name = f"tasks:{server.name}"
            add(self._unless_busy, IntervalTrigger(seconds=TASK_SECONDS), id=name,
                args=(name, "webhooks", self._exchange_tasks, server))  # fmt: skip
        add(self._unless_busy, IntervalTrigger(minutes=1), id="calendars",
            args=("calendars", "calendars", self._refresh_calendars))  # fmt: skip
        digest = config.habits.digest_at or config.calendar.opens
        at_digest = CronTrigger(
            hour=digest.hour, minute=digest.minute, second=1, timezone=config.calendar.zone
        )
        add(self._digest, at_digest, id="digest")
        daily = CronTrigger(hour=HOUSEKEEPING_HOUR, minute=17, timezone=config.calendar.zone)
        add(self._unless_busy, daily, id="housekeeping",
            args=("housekeeping", "housekeeping", self._keep_house))  # fmt: skip

    def _begin(self) -> None:
        """Puts rules in force where there are none, and reads; what was missed is planned and posted then."""
        self._plan(first=bool(self.system.config.sources))
        self._read_all()

    def _look(self) -> None:
        """Looks what is to be planned, and then what is due. While a planning takes long, nothing that is due waits for it."""
        if self._busy.is_set():
            self._soon("post", "post", self._post)
        self._soon("plan", "plan", self._plan)

    def _digest(self) -> None:
        self._look()
        self._tell_quiet()

    def _read_all(self) -> None:
        for source in self.system.config.sources:
            self._soon(f"source:{source.name}", "sources", self._read, source)

    def _read_again(self, source: SourceOptions) -> None:
        """Reads it at its pace, unless another service has just done so."""
        with self.system.database.read() as tx:
            last = sources.source_state(tx, source.name).last_read_at
        if last is None or self.now() - last > source.every / 2:
            self._read(source)

    def _read_pushed(self, source: SourceOptions) -> None:
        self._stopping.wait(GATHERING)
        self._read(source)

    def _read(self, source: SourceOptions) -> None:
        self._reading.add(source.name)
        try:
            found = self._done("source", lambda: read(self.system, self.now(), source.name, BY))
        finally:
            self._reading.discard(source.name)
        if found is not None:
            report.was_read(found)
        self._look()

    def _plan(self, first: bool = False) -> None:
        began = time.monotonic()
        self._busy.set()
        try:
            done = self._done("plan", lambda: plan(self.system, self.now(), BY, TRIES))
        finally:
            self._busy.clear()
        if done is not None:
            report.was_planned(done, time.monotonic() - began)
        if not first:
            self._soon("post", "post", self._post)

    def _post(self) -> None:
        began = time.monotonic()
        done = self._done("post", lambda: post(self.system, self.now(), self._stopping.is_set, TRIES))
        if done is None:
            return
        report.was_posted(done, time.monotonic() - began, always=not self._begun)
        if not self._begun:
            self._begun = True
            self._tell_quiet()
        if self._well:
            self._tell_alive()

    def _soon(self, name: str, pool: str, work: Callable[..., None], *about: object) -> None:
        """Has it done as soon as its thread is free, once however often it is asked for until then."""

        def do() -> None:
            self._asked.discard(name)
            work(*about)

        self._have_done(name, pool, do)

    def _unless_busy(self, name: str, pool: str, work: Callable[..., None], *about: object) -> None:
        """Has it done, unless it is being done."""

        def do() -> None:
            try:
                work(*about)
            finally:
                self._asked.discard(name)

        self._have_done(name, pool, do)

    def _have_done(self, name: str, pool: str, do: Callable[[], None]) -> None:
        if name in self._asked or self._stopping.is_set():
            return
        self._asked.add(name)

        def guarded() -> None:
            try:
                do()
            except Exception as failure:  # else nobody would hear of it
                log.error("pass failed", failure, job=name)

        with suppress(RuntimeError):  # the service stops
            self._pools[pool].submit(guarded)

    def _done(self, part: str, work: Callable[[], T]) -> T | None:
        """What came of it. Whatever goes wrong in it is logged, and the next time comes all the same."""
        if self._stopping.is_set():
            return None
        well = False
        try:
            schema.check(self.system.database)  # another version may have been set up beside this one
            done = work()
            well = True
            return done
        except Busy:
            well = True
            log.info("pass left to another process", job=part)
        except ClockWrong as wrong:
            log.warning(
                "pass waits because of the clock", job=part, reason=wrong.how, last=wrong.last, now=wrong.now
            )
        except (TooOld, TooNew) as wrong:
            log.warning("pass left to another version", job=part, reason=type(wrong).__name__)
        except Problems as wrong:
            log.error("pass without rules", job=part, problems=len(wrong.problems))
        except Exception as failure:
            log.error("pass failed", failure, job=part)
        finally:
            if part == "plan":
                self._well = well
        return None

    def _tell_quiet(self) -> None:
        """Once a day is often enough to be told."""
        for quiet in quiet_sources(self.system, self.now()):
            log.warning("source brings nothing new", source=quiet.params["source"])

    def _tell_alive(self) -> None:
        """Asks the address that listens for us, if there is one, beside the heartbeat: it may answer late or never."""
        if self.system.config.web.ping is not None:
            self._soon("ping", "ping", self._ping)

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

    def _exchange_tasks(self, server: Tasks) -> None:
        """Takes over what was answered on a FHIR server, and writes there what changed here."""
        try:
            done = exchange(self.system, server, self.now, self._stopping.is_set)
        except Exception as failure:
            log.error("tasks failed", failure, server=server.name)
            return
        if done.taken:
            log.info("tasks answered", server=server.name, answers=done.taken)
            self._soon("plan", "plan", self._plan)
        if done.unclear:
            log.warning("tasks without an answer", server=server.name, prompts=len(done.unclear))
        if done.told.error is not None:
            log.warning("tasks not exchanged", server=server.name, reason=done.told.error)
        if done.told.refused:
            log.warning("tasks refused", server=server.name, tasks=done.told.refused)

    def _refresh_calendars(self) -> None:
        try:
            with self.system.database.lock(locks.CALENDARS) as mine:
                if mine:
                    refresh(self.system, self.now())
        except Exception as failure:
            log.error("calendars not refreshed", failure)

    def _keep_house(self) -> None:
        began = time.monotonic()
        for _ in range(HOUSEKEEPING_TRIES):
            try:
                counts = keep_house(self.system, self.now())
            except Busy:
                if self._stopping.wait(0.2):
                    return
            except Exception as failure:
                log.error("housekeeping failed", failure, job="housekeeping")
                return
            else:
                log.info("housekeeping done", seconds=time.monotonic() - began, **counts)
                return
        log.warning("housekeeping found no quiet moment", job="housekeeping")
