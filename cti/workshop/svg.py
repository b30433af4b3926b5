"""A rule's time line as one SVG that needs nothing else: the picture above, the same in sentences below.

It is light or dark as the reader's machine is. Who cannot see it hears all of it: the sentences are its description.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Final

from babel.dates import format_date

from cti.i18n import mark, say
from cti.phrases import in_time
from cti.workshop.chart import Bar, Chart, Row, chart
from cti.workshop.fitting import fold, shortened, width
from cti.workshop.telling import Told, ToldStep, as_text, headline
from cti.workshop.timeline import Timeline

WIDTH: Final = 920
PAD: Final = 28
ROOM: Final = WIDTH - 2 * PAD
LEFT: Final = PAD + 274
"""Where the axis begins, right of the steps' names."""
RIGHT: Final = WIDTH - PAD - 12
INDENT: Final = 30
BAR: Final = 36
"""What a bar takes in height, with the days above it."""
MOST_TICKS: Final = 9

LIGHT = {
    "paper": "#ffffff",
    "ink": "#1b2430",
    "muted": "#56616d",
    "line": "#dde2e8",
    "due": "#1d5fa8",
    "later": "#94540a",
    "unanswered": "#5b6673",
    "reminder": "#6b3fa0",
    "escalation": "#b3261e",
}
DARK = {
    "paper": "#14181d",
    "ink": "#e8edf2",
    "muted": "#a9b3be",
    "line": "#323a43",
    "due": "#7db4f0",
    "later": "#f0b45c",
    "unanswered": "#a9b3be",
    "reminder": "#cdaef7",
    "escalation": "#ff9389",
}


def draw(lang: str, line: Timeline, told: Told) -> str:
    """The time line as the text of an SVG file. `told` is the same in words, in the same language."""
    sheet = _Sheet()
    _title(sheet, told, line)
    _picture(sheet, lang, chart(line), told)
    _words(sheet, told)
    return _document(lang, line, told, sheet)


def picture(lang: str, line: Timeline, told: Told) -> str:
    """The picture alone, for a page that brings the colours with its own style sheet and says the same in words beside it."""
    sheet = _Sheet(y=0)
    _picture(sheet, lang, chart(line), told)
    name = escape(say(lang, "Time line of “{title}”; the same in words below", title=told.title))
    return "\n".join(
        [
            f'<svg class="timeline" viewBox="0 0 {WIDTH} {round(sheet.y)}" role="img" aria-label="{name}">',
            *sheet.parts,
            "</svg>",
        ]
    )


@dataclass
class _Sheet:
    """What was drawn so far, from the top down to `y`."""

    parts: list[str] = field(default_factory=list)
    y: float = PAD

    def add(self, part: str) -> None:
        self.parts.append(part)

    def text(self, x: float, y: float, text: str, kind: str, size: float, anchor: str = "start") -> None:
        end = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self.add(
            f'<text class="{kind}" x="{x:g}" y="{y:g}" font-size="{size:g}"{end}>{escape(text, False)}</text>'
        )

    def lines(self, x: float, lines: Sequence[str], kind: str, size: float) -> None:
        """Lines below one another from `y` on, which moves down."""
        for text in lines:
            self.y += size * 1.42
            self.text(x, self.y, text, kind, size)

    def rule(self, x: float, y: float, x2: float, y2: float, kind: str = "line") -> None:
        self.add(f'<path class="{kind}-stroke" d="M{x:g} {y:g}L{x2:g} {y2:g}"/>')


def _title(sheet: _Sheet, told: Told, line: Timeline) -> None:
    sheet.lines(PAD, fold(told.title, ROOM, 21, bold=True), "ink bold", 21)
    sheet.lines(PAD, [line.rule.id], "muted code", 13)
    sheet.y += 4
    sheet.lines(PAD, fold(told.why, ROOM, 14), "muted", 14)
    sheet.y += 8
    sheet.lines(PAD, fold(told.head, ROOM, 15, bold=True), "ink bold", 15)
    sheet.y += 20


# --- the picture ------------------------------------------------------------------------------------------------------


def _picture(sheet: _Sheet, lang: str, drawn: Chart, told: Told) -> None:
    def x(day: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * drawn.at(day), 1)

    top = sheet.y + 40
    moment = x(drawn.day)
    side = "start" if moment < (LEFT + RIGHT) / 2 else "end"
    sheet.text(
        moment - 1 if side == "start" else moment + 1,
        sheet.y + 11,
        _short(lang, drawn.day, drawn),
        "ink bold",
        12,
        side,
    )
    ticks = len(sheet.parts)
    sheet.y = top
    for number, (row, step) in enumerate(zip(drawn.rows, told.steps, strict=True), 1):
        sheet.rule(PAD, sheet.y, WIDTH - PAD, sheet.y)
        _row(sheet, lang, drawn, row, step, number, x)
    sheet.rule(PAD, sheet.y, WIDTH - PAD, sheet.y)
    under = _Sheet()
    for tick in drawn.ticks(lang, MOST_TICKS):
        under.rule(x(tick.day), top - 6, x(tick.day), sheet.y)
        room = width(tick.label, 12) / 2
        if abs(x(tick.day) - moment) < room + 4:
            continue  # the moment's own day stands there
        middle = min(max(x(tick.day), LEFT + room - 14), WIDTH - PAD - room)
        under.text(middle, top - 11, tick.label, "muted", 12, "middle")
    under.rule(moment, top - 24, moment, sheet.y, "ink")
    sheet.parts[ticks:ticks] = under.parts  # below the bars
    _legend(sheet, lang, drawn)


def _row(
    sheet: _Sheet, lang: str, drawn: Chart, row: Row, step: ToldStep, number: int, x: Callable[[date], float]
) -> None:
    top = sheet.y
    _number(sheet, PAD + 10, top + 21, number)
    sheet.y = top + 7
    room = LEFT - PAD - INDENT - 14
    sheet.lines(PAD + INDENT, shortened(step.title, room, 13, 2, bold=True), "ink bold", 13)
    sheet.lines(PAD + INDENT, shortened(step.to, room, 12, 1), "muted", 12)
    height = max(sheet.y + 10 - top, BAR * len(row.bars) + 10)
    for index, bar in enumerate(row.bars):
        _bar(sheet, lang, drawn, row, bar, top + 6 + BAR * index, x)
    sheet.y = top + height


def _bar(
    sheet: _Sheet, lang: str, drawn: Chart, row: Row, bar: Bar, y: float, x: Callable[[date], float]
) -> None:
    kind = bar.kind if bar.comes else "unanswered"
    start, end, middle = x(bar.due), x(bar.until), y + 26
    label = _label(lang, drawn, row, bar)
    wide = width(label, 12)
    sheet.text(max(LEFT - 6, min(start - 6, WIDTH - PAD - wide)), y + 13, label, f"{kind}-text halo", 12)
    if bar.comes and end > start:
        style = f"{kind}-bar" if bar.kind == "due" else f"{kind}-dashed"
        sheet.add(
            f'<rect class="{style}" x="{start:g}" y="{middle - 5:g}" width="{end - start:g}" height="10" rx="5"/>'
        )
        if bar.open:
            sheet.add(f'<path class="{kind}-fill" d="M{end:g} {middle - 8:g}l10 8l-10 8z"/>')
    if bar.kind == "later":
        sheet.add(f'<path class="{kind}-fill" d="M{start:g} {middle - 8:g}l8 8l-8 8l-8 -8z"/>')
    elif bar.comes:
        sheet.add(f'<circle class="{kind}-fill" cx="{start:g}" cy="{middle:g}" r="7"/>')
    else:
        sheet.add(f'<circle class="{kind}-stroke paper" cx="{start:g}" cy="{middle:g}" r="6"/>')
    for day in bar.reminders:
        sheet.add(f'<circle class="reminder-fill edge" cx="{x(day):g}" cy="{middle:g}" r="5"/>')
    if bar.escalation is not None:
        sheet.add(f'<path class="escalation-fill edge" d="M{x(bar.escalation):g} {middle - 7:g}l7 12h-14z"/>')


def _label(lang: str, drawn: Chart, row: Row, bar: Bar) -> str:
    day = _short(lang, bar.due, drawn)
    if not bar.comes:
        return say(lang, "{day}: does not come", day=day)
    if bar.kind == "later" and row.timed.step.later is not None:
        return say(lang, "or {day}, {delay} later", day=day, delay=in_time(lang, row.timed.step.later.by))
    if bar.kind == "unanswered":
        return say(lang, "unanswered: {day}", day=day)
    return day if bar.open or bar.until == bar.due else f"{day} – {_short(lang, bar.until, drawn)}"


def _number(sheet: _Sheet, x: float, y: float, number: int) -> None:
    sheet.add(f'<circle class="ink-fill" cx="{x:g}" cy="{y:g}" r="10"/>')
    sheet.text(x, y + 4, f"{number}", "on-ink bold", 12, "middle")


def _legend(sheet: _Sheet, lang: str, drawn: Chart) -> None:
    bars = [bar for row in drawn.rows for bar in row.bars]
    signs = (
        ("ink-stroke", "M0 -8V8", mark("the day it is about"), True),
        ("due-fill", "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z", mark("comes"), True),
        ("due-bar", "M-8 -4h16v8h-16z", mark("open"), True),
        ("later-fill", "M0 -7l7 7l-7 7l-7 -7z", mark("comes later"), any(b.kind == "later" for b in bars)),
        (
            "reminder-fill",
            "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
            mark("reminder"),
            any(b.reminders for b in bars),
        ),
        ("escalation-fill", "M0 -7l7 12h-14z", mark("escalation"), any(b.escalation for b in bars)),
    )
    sheet.y += 24
    x = float(PAD + 8)
    for kind, path, text, wanted in signs:
        if wanted:
            said = say(lang, text)
            sheet.add(f'<path class="{kind}" transform="translate({x:g} {sheet.y - 4:g})" d="{path}"/>')
            sheet.text(x + 14, sheet.y, said, "muted", 12)
            x += 14 + width(said, 12) + 26
    sheet.y += 14


def _short(lang: str, day: date, drawn: Chart) -> str:
    form = "EEE d MMM" if day.year == drawn.day.year else "EEE d MMM y"
    return format_date(day, form, locale="nl" if lang == "nl" else "en_GB").replace(".", "").replace(",", "")


# --- in words ---------------------------------------------------------------------------------------------------------


def _words(sheet: _Sheet, told: Told) -> None:
    for number, step in enumerate(told.steps, 1):
        sheet.y += 16
        _number(sheet, PAD + 10, sheet.y + 16, number)
        sheet.lines(PAD + INDENT, fold(headline(step), ROOM - INDENT, 14, bold=True), "ink bold", 14)
        sheet.lines(PAD + INDENT, fold(f"{step.id} · {step.after}", ROOM - INDENT, 12), "muted", 12)
        sheet.y += 2
        for line in step.lines:
            x = PAD + INDENT + 18 * line.depth
            if line.depth:
                sheet.add(f'<circle class="muted-fill" cx="{x - 9:g}" cy="{sheet.y + 14:g}" r="2.2"/>')
            sheet.lines(x, fold(line.text, WIDTH - PAD - x, 13), "muted" if line.aside else "ink", 13)
    sheet.y += 14
    for note in told.notes:
        sheet.lines(PAD, fold(note, ROOM, 12), "muted", 12)


# --- the file ---------------------------------------------------------------------------------------------------------


def _document(lang: str, line: Timeline, told: Told, sheet: _Sheet) -> str:
    height, name = round(sheet.y + PAD), line.rule.id
    title = f"title-{name}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="timeline" lang="{lang}" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img" aria-labelledby="{title}" aria-describedby="desc-{name}">',
            f'<title id="{title}">{escape(told.title, False)}</title>',
            f'<desc id="desc-{name}">{escape(as_text(told), False)}</desc>',
            f"<style>{_style()}</style>",
            f'<rect class="paper" width="{WIDTH}" height="{height}"/>',
            *sheet.parts,
            "</svg>",
            "",
        ]
    )


def _style() -> str:
    """Colours as classes, since not every program that shows an SVG knows variables."""
    fixed = (
        ".timeline{color-scheme:light dark;max-width:100%;height:auto}"
        ".timeline text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}"
        ".timeline .bold{font-weight:600}.timeline .code{font-family:ui-monospace,Consolas,monospace}"
        ".timeline .edge{stroke-width:1.5}.timeline .halo{paint-order:stroke;stroke-width:4}"
    )
    return f"{fixed}{_colours(LIGHT)}@media (prefers-color-scheme:dark){{{_colours(DARK)}}}"


def _colours(of: dict[str, str]) -> str:
    rules = [f".timeline .paper{{fill:{of['paper']}}}", f".timeline .on-ink{{fill:{of['paper']}}}"]
    rules += [f".timeline .{kind}{{fill:{of[kind]}}}" for kind in ("ink", "muted")]
    for kind in ("ink", "muted", "due", "later", "unanswered", "reminder", "escalation"):
        rules.append(f".timeline .{kind}-fill,.timeline .{kind}-text{{fill:{of[kind]}}}")
    for kind in ("line", "ink", "unanswered"):
        width_of = 2 if kind != "line" else 1
        rules.append(f".timeline .{kind}-stroke{{stroke:{of[kind]};stroke-width:{width_of}}}")
    rules.append(f".timeline .due-bar{{fill:{of['due']};fill-opacity:.38}}")
    for kind in ("later", "unanswered"):
        dashed = f"fill:{of[kind]};fill-opacity:.12;stroke:{of[kind]};stroke-dasharray:4 3"
        rules.append(f".timeline .{kind}-dashed{{{dashed}}}")
    rules.append(f".timeline .edge,.timeline .halo{{stroke:{of['paper']}}}")
    return "".join(rules)
