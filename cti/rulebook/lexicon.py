"""The vocabulary as the readers of rules use it: whether a word is in it, and which word was probably meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from cti.core.events import Value
from cti.core.vocabulary import UNKNOWN, FactKind, Labels, Vocabulary
from cti.i18n import mark
from cti.problems import Edit
from cti.rulebook.declare import new_answer_set, new_fact, new_situation, new_value
from cti.rulebook.table import Table
from cti.rulebook.words import MOST_LISTED, Wrong, listed, nearest, read_day, read_number, read_yes_no
from cti.tomlfile import TomlFile, literal


@dataclass(frozen=True)
class Lexicon:
    """A vocabulary, and the facts whose declaration could not be read: about these nothing is said a second time.

    `lost`: the file itself could not be read, so that any word may be in it.
    """

    vocabulary: Vocabulary
    unclear: frozenset[str] = frozenset()
    lost: bool = False
    quiet: frozenset[str] = frozenset()
    """Situations about which nothing is prompted on purpose."""
    file: TomlFile | None = field(default=None, repr=False, compare=False)
    """Where new words go."""
    languages: Sequence[str] = ()

    def situation(self, value: object) -> str:
        """The name of a situation."""
        situations = self.vocabulary.situations
        if isinstance(value, str) and (self.lost or value in situations or value == UNKNOWN):
            return value
        better = nearest(value, situations, by_label(situations))
        if better is None:
            text = mark("{field} = {value}: no situation of the vocabulary, which has {known}")
            new = new_situation(self.file, value, self.languages) if self.file is not None else ()
            raise Wrong(text, known=listed_with_labels(situations), further=new)
        raise Wrong(mark("{field} = {value}: no situation of the vocabulary"), better=better)

    def fact(self, value: object, sample: object = None) -> str:
        """The name of a fact; `sample` is a value of it, or what is asked of it."""
        facts = self.vocabulary.facts
        if isinstance(value, str) and (self.lost or value in facts or value in self.unclear):
            return value
        better = self.nearest_fact(value)
        if better is None:
            text = mark("{field} = {value}: no fact of the vocabulary, which has {known}")
            raise Wrong(text, known=listed(facts), further=self.new_fact(value, sample))
        raise Wrong(mark("{field} = {value}: no fact of the vocabulary"), better=better)

    def new_fact(self, name: object, sample: object) -> tuple[Edit, ...]:
        """What makes a word a fact of the vocabulary; `sample` as for `fact`."""
        return new_fact(self.file, name, sample, self.languages) if self.file is not None else ()

    def value_of(self, kind: FactKind) -> Callable[[object], Value]:
        """A reader of a value of this fact."""
        if kind.type != "choice":
            return PLAIN[kind.type]

        def read(value: object) -> str:
            try:
                return read_choice(kind, value)
            except Wrong as wrong:
                if wrong.better is None and self.file is not None:
                    wrong.further = new_value(self.file, kind.name, value, self.languages)
                raise

        return read

    def unsaid(self, fact: str) -> bool:
        """Whether nothing can be said about what this fact may be, because its declaration could not be read."""
        return self.lost or fact in self.unclear

    def nearest_fact(self, word: object) -> str | None:
        """The fact that was probably meant."""
        facts = self.vocabulary.facts
        return nearest(word, facts, by_label({name: kind.label for name, kind in facts.items()}))

    def answer_set(self, value: object) -> str:
        """The name of an answer set."""
        answers = self.vocabulary.answers
        if isinstance(value, str) and (self.lost or value in answers):
            return value
        better = nearest(value, answers)
        if better is None:
            text = mark("{field} = {value}: no answer set of the vocabulary, which has {known}")
            new = new_answer_set(self.file, value, self.languages) if self.file is not None else ()
            raise Wrong(text, known=listed(answers), further=new)
        raise Wrong(mark("{field} = {value}: no answer set of the vocabulary"), better=better)


def by_label(labels: Mapping[str, Labels]) -> dict[str, str]:
    """From each label, in any language, to the word that it stands for."""
    return {label: word for word, per_language in labels.items() for label in per_language.values()}


def listed_with_labels(labels: Mapping[str, Labels]) -> dict[str, str] | str:
    """Words as a list to read, each with what people call it: "asked" (gevraagd), "running" (er is een plan). By language."""
    languages = dict.fromkeys(lang for per_language in labels.values() for lang in per_language)
    words = list(labels)[:MOST_LISTED]
    more = [", …"] if len(labels) > MOST_LISTED else []
    return {
        lang: "".join([", ".join(_with_label(word, labels[word].get(lang)) for word in words), *more])
        for lang in languages
    } or listed(labels)


def _with_label(word: str, label: str | None) -> str:
    return literal(word) if label in (None, word) else f"{literal(word)} ({label})"


PLAIN: Mapping[str, Callable[[object], Value]] = {
    "date": read_day,
    "number": read_number,
    "yes/no": read_yes_no,
}


def read_choice(kind: FactKind, value: object) -> str:
    """A value of a choice fact."""
    if isinstance(value, str) and value in kind.values:
        return value
    word = ("yes" if value else "no") if isinstance(value, bool) else value
    known = isinstance(word, str) and word in kind.values
    better = word if known else nearest(word, kind.values, by_label(kind.values))
    if better is None:
        text = mark('{field} = {value}: no value of "{fact}", which can be {known}')
        raise Wrong(text, fact=kind.name, known=listed_with_labels(kind.values))
    raise Wrong(mark('{field} = {value}: no value of "{fact}"'), better=better, fact=kind.name)


NO_FACT = mark('"{name}" is no fact of the vocabulary')


def note_unknown_fact(table: Table, key: str, lexicon: Lexicon) -> None:
    """Notes a key that should be a fact and is none: what was meant, else how to make it one."""
    better = lexicon.nearest_fact(key)
    if better is not None:
        table.note_wrong_key(NO_FACT, key, better)
        return
    text = mark('"{name}" is no fact of the vocabulary, which has {known}')
    new = lexicon.new_fact(key, table.values[key])
    table.note(text, {"name": key, "known": listed(lexicon.vocabulary.facts)}, key=key, further=new)
