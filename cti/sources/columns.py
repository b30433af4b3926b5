"""Which columns hold what: the settings of sources that map rows (csv, sql), and where each column stands in a header."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from cti.core.vocabulary import Vocabulary
from cti.i18n import mark
from cti.problems import Problem, Problems, closest, problem
from cti.sources.base import SourceOptions
from cti.sources.files import plain
from cti.sources.settings import read_date_format, refuse_citizen_number, wrong

COLUMNS = (
    "id",
    "client",
    "recorded",
    "retracted",
    "situation",
    "begin",
    "end",
    "destination",
    "expected",
    "expected_day",
    "fact",
    "value",
    "day",
    "worker",
    "team",
    "closed",
    "closed_until",
)
"""What a row may say; without a mapping, also the names of the columns."""

_SAYING = ("situation", "expected", "fact", "worker", "team", "closed")
CODED = ("situation", "destination", "expected", "fact", "closed", "worker", "team")


def _check_columns(columns: dict[str, str]) -> dict[str, str]:
    for name, column in columns.items():
        if name not in COLUMNS:
            raise wrong(
                mark('{key}: "{name}" is nothing that a row says; it says {columns}'),
                name=name,
                columns=list(COLUMNS),
                guess=closest(name, COLUMNS),
            )
        refuse_citizen_number(column)
    return columns


def _check_facts(facts: dict[str, str]) -> dict[str, str]:
    for column in facts.values():
        refuse_citizen_number(column)
    return facts


class RowOptions(SourceOptions):
    """The settings of a source whose rows are mapped column by column."""

    missing: Literal["retracted", "ended", "kept"] = Field(
        default="retracted",
        description="What became of a row of the last snapshot that this one lacks: it was deleted, it ended, or it only left.",
    )
    dates: Annotated[str, BeforeValidator(read_date_format)] = Field(
        default="yyyy-mm-dd",
        description='The order in which days are written, "dd-mm-yyyy"; ISO is always understood.',
    )
    columns: Annotated[dict[str, str], AfterValidator(_check_columns)] = Field(
        default_factory=dict, description='The names of columns where they differ: client = "Clientnummer".'
    )
    codes: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description='The words that codes stand for, for each column or fact: situation = { CO = "crisis-shelter" }. A code '
        'that stands for "" says nothing.',
    )
    facts: Annotated[dict[str, str], AfterValidator(_check_facts)] = Field(
        default_factory=dict, description='Further columns that are facts: trust = "Vertrouwensband".'
    )


Codes = Mapping[str, str]


def code_table(options: RowOptions, vocabulary: Vocabulary) -> dict[str, Codes]:
    """For each coded column and fact, what its codes stand for, by the code without case and spaces.

    Destinations and expectations know the codes of situations as well. A word that the vocabulary lacks is a Problem.
    """
    found: list[Problem] = []
    table: dict[str, Codes] = {}
    for name, codes in options.codes.items():
        words = coded_words(name, vocabulary)
        if words is None:
            choices = [*CODED, *vocabulary.facts]
            text = mark('source "{source}": codes for "{name}", which is neither a column nor a fact')
            guess = closest(name, choices)
            found.append(problem(text, field=f"codes.{name}", source=options.name, name=name, guess=guess))
            continue
        for code, word in codes.items():
            if word and words and word not in words:
                text = mark(
                    'source "{source}": code "{code}" stands for "{word}", which the vocabulary lacks'
                )
                field = f"codes.{name}.{code}"
                guess = closest(word, words)
                found.append(
                    problem(text, field=field, source=options.name, code=code, word=word, guess=guess)
                )
        table[name] = {plain(code): word for code, word in codes.items()}
    for name in options.facts:
        if name not in vocabulary.facts:
            text = mark('source "{source}": fact "{name}" is not in the vocabulary')
            guess = closest(name, vocabulary.facts)
            found.append(problem(text, field=f"facts.{name}", source=options.name, name=name, guess=guess))
    if found:
        raise Problems(found)
    for name in ("situation", "destination", "expected"):
        table[name] = {**table.get("situation", {}), **table.get(name, {})}
    return table


CLOSINGS = ("closed", "deceased", "opted-out")


def coded_words(name: str, vocabulary: Vocabulary) -> Iterable[str] | None:
    """The words that codes of this column may stand for; empty: any; None: there is no such column or fact."""
    if name in ("situation", "destination", "expected"):
        return vocabulary.situations
    if name == "fact":
        return vocabulary.facts
    if name == "closed":
        return CLOSINGS
    if name in ("worker", "team"):
        return ()
    kind = vocabulary.facts.get(name)
    if kind is None:
        return None
    return kind.values if kind.type == "choice" else ()


def place_columns(options: RowOptions, header: Sequence[str], file: str) -> dict[str, int]:
    """Where each column stands: "client" → 3, and "fact:trust" → 7 for further facts. Those the header lacks are left out.

    Raises Problems: one for each column that the config names and the header lacks, with the closest that is there.
    """
    wanted = {name: options.columns.get(name, name) for name in COLUMNS}
    wanted |= {f"fact:{name}": column for name, column in options.facts.items()}
    asked = {"id", "client", *options.columns, *(f"fact:{name}" for name in options.facts)}
    found = place(wanted, asked, header, file)
    if not any(name in found for name in (*_SAYING, *wanted.keys() - set(COLUMNS))):
        text = mark("no column says anything about clients; name the columns under [sources.columns]")
        raise Problems([problem(text, file=file, line=1)])
    return found


def place(
    wanted: Mapping[str, str], asked: Collection[str], header: Sequence[str], file: str
) -> dict[str, int]:
    """Where each wanted column stands, by its own name. Raises Problems: one for each that is asked for and not there."""
    places: dict[str, int] = {}
    for index, name in enumerate(header):
        places.setdefault(plain(name), index)
    found = {name: places[plain(column)] for name, column in wanted.items() if plain(column) in places}
    missing = [name for name in wanted if name in asked and name not in found]
    if missing:
        raise Problems(_lacks(name, wanted[name], header, file) for name in missing)
    return found


def _lacks(name: str, column: str, header: Sequence[str], file: str) -> Problem:
    # The header itself is not shown: where it is missing, it would be somebody's data.
    text = mark('the header has no column "{column}" ({name}); name it under [sources.columns]')
    guess = closest(column, [cell for cell in header if cell]) or closest(
        name, [cell for cell in header if cell]
    )
    return problem(text, file=file, line=1, field=f"columns.{name}", column=column, name=name, guess=guess)
