"""`cti tick`: one pass, then exit."""

from __future__ import annotations

from cti.cli.outcome import tell
from cti.cli.output import err, progress, show_problems
from cti.cli.session import Session
from cti.engine import tick as one_pass
from cti.i18n import say


def do_pass(asked: Session, at: str | None, as_json: bool) -> None:
    """One pass, at the clock's time or at that of a rehearsal."""
    lang = asked.lang
    with asked.system() as system:
        now = asked.now() if at is None else asked.clock(system, at)
        show_problems(err(), system.config.warnings, lang)
        with progress(say(lang, "Reading, planning and telling …")):
            done = one_pass(system, now, by="cti tick")
        if at is not None:
            asked.note_rehearsal(system, now)
        tell(done, system, lang, as_json)
