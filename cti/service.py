"""`cti run`: a heartbeat around the tick. APScheduler says when; what is to be done stands in the database, not in it.

So nothing is lost with the process: a pass that was missed is made up for by the next one, which sees the same rows.
"""

from __future__ import annotations

import logging
import signal
import socket
import threading
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from types import FrameType

import uvicorn
from apscheduler.executors.pool import ThreadPoolExecutor  # type: ignore[import-untyped]
from apscheduler.jobstores.memory import MemoryJobStore  # type: ignore[import-untyped]
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]
from apscheduler.triggers.cron import CronTrigger  # type: ignore[import-untyped]
from apscheduler.triggers.interval import IntervalTrigger  # type: ignore[import-untyped]

from cti import __version__, log
from cti.channels.ping import ping
from cti.config.model import Webhook
from cti.engine import Busy, ClockWrong, System, Tick, tick
from cti.engine.housekeeping import keep_house
from cti.engine.quiet import quiet_sources
from cti.engine.webhooks import tell
from cti.i18n import mark
from cti.problems import Problems, problem
from cti.web.app import create_app
from cti.web.feeds import refresh
from cti.web.site import Site

Clock = Callable[[], datetime]

PATIENCE = 10
"""Seconds that requests in hand are given when the service stops."""

WEBHOOK_SECONDS = 20
"""How often is looked whether there is something to tell."""

HOUSEKEEPING_HOUR = 3
"""At this local hour, when nobody waits for a mail, the day's housekeeping is done."""


def clock() -> datetime:
    """The time it is."""
    return datetime.now(UTC)


class Pages:
    """The web server, in a thread of its own beside the heartbeat. Its port is taken at once, so that a clash is told before
    anything begins. Raises Problems."""

    def __init__(self, system: System, now: Clock = clock, hurry: Callable[[], None] = lambda: None) -> None:
        web = system.config.web
        self._socket = listen(web.host, web.port)
        self.port: int = self._socket.getsockname()[1]
        app = create_app(system, now, hurry)
        self._site: Site = app.state.site
        options = uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            forwarded_allow_ips=list(web.proxies),
            timeout_graceful_shutdown=PATIENCE,
        )
        self._server = uvicorn.Server(options)
        self._thread = threading.Thread(target=self._serve, name="pages", daemon=True)

    def start(self) -> None:
        """Serves from now on."""
        log.info("pages are served", port=self.port)
        self._thread.start()

    def stop(self) -> None:
        """Takes no new requests, finishes those in hand, and returns."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(PATIENCE + 5)
        self._site.trail.flush()
        self._site.bench.stop()
        self._socket.close()

    def _serve(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        except Exception as failure:
            log.error("pages failed", failure)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises Problems."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen(128)
    except OSError as error:
        taken.close()
        text = mark("[web] the pages cannot be served on {host}, port {port}: {error}")
        raise Problems([problem(text, host=host, port=port, error=error.strerror or str(error))]) from None
    return taken


class Service:
    """Ticks at the pace of the config until `stop` is called.

    All jobs share one thread, so there is one pass at a time; other processes are kept out by the tick's own lock.
    """

    def __init__(self, system: System, now: Clock = clock, pages: Pages | None = None) -> None:
        self.system = system
        self.now = now
        self.pages = pages
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
        config = self.system.config
        log.info(
            "service started",
            version=__version__,
            sources=len(config.sources),
            people=len(config.staff.people),
            transport=config.mail.transport,
        )
        if config.mail.transport == "folder":
            log.warning("mail goes into a folder and reaches nobody", transport="folder")
        if config.warnings:
            log.warning("the config asks for a look", warnings=len(config.warnings))
        self._scheduler.start()
        if self.pages is not None:
            self.pages.start()
        try:
            self._stopping.wait()
        finally:
            log.info("service stopping")
            if self.pages is not None:
                self.pages.stop()
            self._scheduler.shutdown(wait=True)
            log.info("service stopped")

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


def serve(system: System, now: Clock = clock, greet: Callable[[Pages], None] = lambda pages: None) -> None:
    """Runs the service with its pages in this process until SIGTERM or SIGINT. Raises Problems where the port is taken.

    `greet` is called once it is not, before anything begins.
    """
    service = Service(system, now)
    service.pages = Pages(system, now, service.beat)
    greet(service.pages)

    def asked_to_stop(number: int, frame: FrameType | None) -> None:
        service.stop()

    before = {number: signal.signal(number, asked_to_stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        service.run()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def report(done: Tick, job: str, seconds: float) -> None:
    """Logs what a pass did, if it did anything; counts and names of the config only."""
    for source in done.sources:
        if source.changed or source.problems:
            log.info(
                "source read",
                source=source.source,
                read=source.read,
                left_out=sum(source.left_out.values()),
                quarantined=source.quarantined,
                versions=source.versions,
            )
        if source.problems:
            log.warning("source has problems", source=source.source, problems=len(source.problems))
    if done.adopted is not None:
        log.info("rules adopted", rulebook=done.adopted)
    if done.problems:
        log.error("rules in the folder are broken and the last good ones hold", problems=len(done.problems))
    for over in done.held:
        log.warning(
            "change over a limit waits", kind=over.what, rule=over.of, clients=over.clients, limit=over.limit
        )
    if done.posting.error is not None:
        log.error("mail does not go out", transport="smtp")
    if done.posting.problems:
        log.error("texts cannot be worded", problems=len(done.posting.problems))
    planning, posting = done.planning, done.posting
    counts = {
        "clients": planning.clients,
        "broken": planning.broken,
        "created": planning.created,
        "moved": planning.moved,
        "withdrawn": planning.withdrawn,
        "revived": planning.revived,
        "messages": posting.messages,
        "sent": posting.sent,
        "retried": posting.retried,
        "failed": posting.failed,
        "unroutable": posting.unroutable,
    }
    if job == "start" or any(counts.values()):
        log.info("pass done", job=job, seconds=seconds, **counts)
