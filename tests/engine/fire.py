"""Rule files under fire: rewritten at random, well and badly, whole and by halves, while a service looks at them.

`python -m tests.engine.fire FOLDER SEED` does so from a process of its own, once for each line that it reads, and then leaves the
rules as they were.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from random import Random

from tests.engine.house import simple_rule

VOCABULARY = """\
gap   = "14 days"
stale = "6 weeks"
since = 2026-01-01

[situations.street]
label = { nl = "op straat", en = "on the street" }
[situations.crisis-shelter]
label = { nl = "crisisopvang", en = "crisis shelter" }

[answers.still-current.yes]
label = { nl = "Ja", en = "Yes" }
[answers.still-current.no]
label = { nl = "Nee", en = "No" }

[answers.done.done]
label = { nl = "Gedaan", en = "Done" }
"""

TEST = """\
[[tests]]
name = "a call after intake"
rule = "intake"
events = [{ day = 2026-03-02, situation = "crisis-shelter" }]
expect = [{ day = 2026-03-16, step = "call" }]
"""

ASK = "# Is dit nog zo?\n\nKlopt dit nog?\n"

FILES = {
    "rules/vocabulary.toml": VOCABULARY,
    "rules/intake.toml": simple_rule(),
    "rules/outreach.toml": simple_rule("outreach", "visit", enters="street"),
    "rules/tests/intake.toml": TEST,
    **{f"templates/prompts/still-current/ask.{lang}.md": ASK for lang in ("nl", "en")},
    **{f"templates/prompts/intake/call.{lang}.md": "# Bel even\n\nBel even.\n" for lang in ("nl", "en")},
    **{f"templates/prompts/outreach/visit.{lang}.md": "# Ga langs\n\nGa langs.\n" for lang in ("nl", "en")},
}
"""Two rules with a step each, with their texts and a test of their own: the smallest folder in which everything occurs."""


RENAMED, ANOTHER_NAME = "rules/outreach.toml", "rules/visits.toml"


class Shooter:
    """Rewrites the files of a rules folder at random."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.dice = Random(seed)
        self.good = [
            self.comment,
            self.another_day,
            self.another_word,
            self.swapped,
            self.by_halves,
            self.as_it_was,
        ]
        self.bad = [
            self.misspelt,
            self.too_late,
            self.not_toml,
            self.not_text,
            self.cut_off,
            self.deleted,
            self.misnamed,
            self.locked,
        ]
        self.broken: list[str] = []

    def shoot(self) -> None:
        """One rewriting of one file. What was broken is mended before long, as people do."""
        if self.broken and self.dice.random() < 0.7:
            name, kinds = self.broken.pop(self.dice.randrange(len(self.broken))), self.good
        else:
            name = self.dice.choice([*FILES, *(name for name in FILES if name.startswith("rules/"))])
            kinds = self.dice.choice((self.good, self.bad))
            self.broken += [name] if kinds is self.bad else []
        if name == RENAMED:
            (self.folder / ANOTHER_NAME).unlink(missing_ok=True)
            if self.dice.random() < 0.2:
                self.broken.append(name)
                kinds = [self.called_otherwise]
        self.dice.choice(kinds)(self.folder / name, FILES[name])

    def mend(self) -> None:
        """Everything as it was."""
        for file in (self.folder / "rules").rglob("*"):
            if file.is_symlink() or (
                file.is_file() and file.relative_to(self.folder).as_posix() not in FILES
            ):
                file.unlink()
        for name, text in FILES.items():
            (self.folder / name).write_text(text, encoding="utf-8")

    def comment(self, file: Path, text: str) -> None:
        note = f"# {self.dice.random()}\n" if file.suffix == ".toml" else ""
        file.write_text(note + text, encoding="utf-8")

    def another_day(self, file: Path, text: str) -> None:
        tested = ("2 weeks", "14 days", "10 working days")  # the rule's own test agrees with these
        days = self.dice.choice(("1 week", "2 weeks", "3 weeks") if "outreach" in text else tested)
        file.write_text(text.replace('"2 weeks"', f'"{days}"'), encoding="utf-8")

    def another_word(self, file: Path, text: str) -> None:
        word = self.dice.choice(("Because", "Since", "For"))
        file.write_text(text.replace("Because", word).replace("even.", f"even, {word}."), encoding="utf-8")

    def misspelt(self, file: Path, text: str) -> None:
        letter = self.dice.randrange(len(text))
        file.write_text(text[:letter] + self.dice.choice('x ="{[\n') + text[letter + 1 :], encoding="utf-8")

    def too_late(self, file: Path, text: str) -> None:
        """A rule that its own test does not agree with."""
        file.write_text(text.replace('"2 weeks"', '"3 weeks"'), encoding="utf-8")

    def not_toml(self, file: Path, text: str) -> None:
        file.write_text("<<<<<<< HEAD\n" + text, encoding="utf-8")

    def not_text(self, file: Path, text: str) -> None:
        file.write_bytes(text.encode() + self.dice.randbytes(40))

    def cut_off(self, file: Path, text: str) -> None:
        file.write_text(text[: self.dice.randrange(len(text))], encoding="utf-8")

    def by_halves(self, file: Path, text: str) -> None:
        """As an editor that is interrupted while it saves."""
        half = self.dice.randrange(len(text))
        with file.open("w", encoding="utf-8") as stream:
            stream.write(text[:half])
            stream.flush()
            os.sched_yield()
            stream.write(text[half:])

    def deleted(self, file: Path, text: str) -> None:
        file.unlink(missing_ok=True)

    def called_otherwise(self, file: Path, text: str) -> None:
        """The rule under another name, which mentions the old one; when it is called as before again, nothing mentions that."""
        file.unlink(missing_ok=True)
        keys = 'text = "outreach/visit"\n'
        (self.folder / ANOTHER_NAME).write_text(
            simple_rule("visits", "visit", enters="street", more='was = ["outreach"]', keys=keys),
            encoding="utf-8",
        )

    def misnamed(self, file: Path, text: str) -> None:
        with suppress(FileNotFoundError):
            file.rename(file.with_name(f"{file.name}.old"))

    def swapped(self, file: Path, text: str) -> None:
        """As an editor that writes beside the file and puts the new one in its place."""
        beside = file.with_name(f".{file.name}.new")
        beside.write_text(text, encoding="utf-8")
        beside.replace(file)

    def locked(self, file: Path, text: str) -> None:
        """As an editor that marks a file as its own."""
        mark = file.with_name(f".#{file.name}")
        mark.unlink(missing_ok=True)
        mark.symlink_to("someone@somewhere.4711")

    def as_it_was(self, file: Path, text: str) -> None:
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    shooter = Shooter(Path(sys.argv[1]), int(sys.argv[2]))
    for _ in sys.stdin:
        shooter.shoot()
    shooter.mend()
