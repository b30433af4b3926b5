"""A finding in a TOML file points at the line on which its key stands, and shows that line corrected."""

import time
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.problems import Problems, corrected
from cti.tomlfile import TomlFile, literal, literal_key
from cti.tomlspots import KeyPath

RULE = """\
# about the rule
id    = "crisis-intake"
label.nl = "één"
sources = [
  "A10",  # first
  "E86",
]
since = 2026-01-01   # the start

[on]
enters = "crisis-shelter"
from   = { not = ["street", "at-risk"] }

[[steps]]
id     = "map-network"
remind = { every = "5 working days", times = 2 }
late   = {}

[[steps]]
id = "propose"

[[steps.variants]]
text = "é — ü"  # accents before the comment

[codes."crisis opvang"]
x = 1
"""
FILE = TomlFile.parse(RULE, "rules/crisis-intake.toml")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("id",), 2),
        (("label",), 3),
        (("label", "nl"), 3),
        (("sources",), 4),
        (("sources", 0), 5),
        (("sources", 1), 6),
        (("since",), 8),
        (("on",), 10),
        (("on", "from"), 12),
        (("on", "from", "not", 1), 12),
        (("steps",), 14),
        (("steps", 0), 14),
        (("steps", 0, "remind", "times"), 16),
        (("steps", 1), 19),
        (("steps", 1, "id"), 20),
        (("steps", 1, "variants", 0), 22),
        (("steps", 1, "variants", 0, "text"), 23),
        (("codes",), 25),
        (("codes", "crisis opvang", "x"), 26),
    ],
)
def test_everything_stands_on_its_line(path: KeyPath, line: int) -> None:
    assert FILE.line(path) == line
    assert FILE.value_line(path) == line


def test_what_is_not_there_has_the_line_of_what_is_around_it() -> None:
    assert FILE.line(("steps", 1, "due")) == 19
    assert FILE.line(("on", "enters", "deeper")) == 11
    assert FILE.line(("nothing", "here")) == 1


@pytest.mark.parametrize("change", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")])
def test_line_ends_and_a_byte_order_mark_change_no_line(change: Any) -> None:
    read = TomlFile.parse(change(RULE), "x.toml")
    assert read.values == FILE.values
    assert read.line(("steps", 1, "id")) == 20
    assert read.replace_value(("since",), "2026-02-01") == "since = 2026-02-01   # the start"


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("id",), 'id    = "new"'),
        (("label", "nl"), 'label.nl = "new"'),
        (("sources", 0), '  "new",  # first'),
        (("since",), 'since = "new"   # the start'),
        (("on", "from", "not", 0), 'from   = { not = ["new", "at-risk"] }'),
        (("steps", 0, "remind", "every"), 'remind = { every = "new", times = 2 }'),
        (("steps", 1, "variants", 0, "text"), 'text = "new"  # accents before the comment'),
        (("sources",), None),  # it takes several lines
        (("on",), None),
        (("on", "due"), None),
    ],
)
def test_a_value_is_replaced_in_its_line_and_the_rest_is_kept(path: KeyPath, line: str | None) -> None:
    assert FILE.replace_value(path, '"new"') == line


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("since",), "new = 2026-01-01   # the start"),
        (("label",), 'new.nl = "één"'),
        (("label", "nl"), 'label.new = "één"'),
        (("on",), "[new]"),
        (("steps", 1), "[[new]]"),
        (("steps", 1, "variants", 0), "[[steps.new]]"),
        (("codes",), '[new."crisis opvang"]'),
        (("codes", "crisis opvang"), "[codes.new]"),
        (("steps", 0, "remind", "times"), 'remind = { every = "5 working days", new = 2 }'),
        (("sources", 0), None),
        (("on", "due"), None),
    ],
)
def test_a_key_is_replaced_in_its_line(path: KeyPath, line: str | None) -> None:
    assert FILE.replace_key(path, "new") == line


@pytest.mark.parametrize(
    ("path", "line", "lines"),
    [
        ((), 2, 'id    = "crisis-intake"\nnew = 1'),
        (("since",), 8, "since = 2026-01-01   # the start\nnew = 1"),
        (("sources",), 7, "]\nnew = 1"),
        (("on",), 10, "[on]\nnew = 1"),
        (("on", "from"), 12, 'from   = { not = ["street", "at-risk"], new = 1 }'),
        (("steps", 1), 19, "[[steps]]\nnew = 1"),
        (("steps", 0, "late"), 17, "late   = { new = 1 }"),
        (("label",), 2, 'id    = "crisis-intake"\nlabel.new = 1'),
        (("codes",), 25, '[codes]\nnew = 1\n\n[codes."crisis opvang"]'),
        (("steps", 0, "escalate"), 14, "[[steps]]\nescalate = { new = 1 }"),
        (("mail",), 26, "x = 1\n\n[mail]\nnew = 1"),
    ],
)
def test_a_missing_key_gets_its_place(path: KeyPath, line: int, lines: str) -> None:
    assert FILE.insert_after(path, "new = 1") == (line, lines)
    table: Any = tomllib.loads(corrected(RULE, line, lines))
    for key in path if path not in (("since",), ("sources",)) else ():
        table = table[key]
    assert table["new"] == 1


@pytest.mark.parametrize("text", ["", "# only a remark", "[on]\n", "x = [\n1,\n]\n[y]\n", "[[a]]\nb = 1"])
def test_a_missing_key_of_the_whole_file_stands_before_all_tables(text: str) -> None:
    line, lines = TomlFile.parse(text, "x.toml").insert_after((), "new = 1")
    assert tomllib.loads(corrected(text, line, lines)) == tomllib.loads(text) | {"new": 1}


def test_a_line_is_shown_without_its_end() -> None:
    assert FILE.line_text(2) == 'id    = "crisis-intake"'
    assert FILE.line_text(0) == FILE.line_text(99) == ""


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ('a "text" — ok', '"a \\"text\\" — ok"'),
        (True, "true"),
        (3, "3"),
        (0.5, "0.5"),
        (date(2026, 3, 1), "2026-03-01"),
        (["a", 1], '["a", 1]'),
        ({"not": ["a"], "two words": {}}, '{ not = ["a"], "two words" = {} }'),
    ],
)
def test_a_value_is_written_as_toml_has_it(value: object, written: str) -> None:
    assert literal(value) == written
    assert tomllib.loads(f"x = {written}")["x"] == value


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_read_back_as_it_was_written(text: str) -> None:
    assert tomllib.loads(f"x = {literal(text)}") == {"x": text}
    assert tomllib.loads(f"{literal_key(text)} = 1") == {text: 1}


def test_a_file_is_read_and_named_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xef\xbb\xbfx = 1\r\n")
    read = TomlFile.read(tmp_path / "a.toml")
    assert (read.values, read.name) == ({"x": 1}, (tmp_path / "a.toml").as_posix())
    assert TomlFile.read(tmp_path / "a.toml", "rules/a.toml").name == "rules/a.toml"


def test_a_broken_file_names_itself_and_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("x = 1\ny = two\n")
    with pytest.raises(Problems, match=r'^rules/a\.toml:2: text stands between quotes: "two"$'):
        TomlFile.read(tmp_path / "a.toml", "rules/a.toml")


@pytest.mark.parametrize("deep", ["[" * 3000, "{ a = " * 3000, "[" * 3000 + "]" * 3000, "[" * 60 + "]" * 60])
def test_brackets_that_stand_too_deep_are_told_with_their_line(deep: str) -> None:
    with pytest.raises(Problems, match=r"^a\.toml:2: brackets stand too deep within one another here$"):
        TomlFile.parse(f"x = [1]\ny = {deep}\n", "a.toml")


def test_a_file_is_read_fast_enough_to_check_a_folder_at_every_save() -> None:
    text = "\n".join(
        f'[[steps]]\nid = "step-{n}"\ndue = "{n} days"\nsources = ["A1", "E2"]' for n in range(100)
    )
    started = time.process_time()
    for _ in range(5):
        assert TomlFile.parse(text, "x.toml").line(("steps", 99, "due")) == 399
    # A rule has some ten steps; ten times that in 100 ms, on a slow machine, keeps well under 20 ms a file.
    assert (time.process_time() - started) / 5 < 0.1


# Random documents, each made together with the line on which every path of it stands.

KEYS = st.one_of(
    st.text("abcxyz019_-", min_size=1, max_size=6),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SCALARS = st.one_of(
    TEXTS.map(literal),
    st.integers(-(10**6), 10**6).map(str),
    st.sampled_from(
        ["true", "1.5e3", "inf", "0xFF", "1_000", "2026-01-01", "09:00:00", "2026-01-01 09:00:00Z"]
    ),
    st.sampled_from(["'C:\\x'", "'''one\ntwo'''", '"""\\\n  é\n\n"""', '"# no comment"']),
)
REMARKS = st.sampled_from(["", "  # a remark", "\t# [x] = 'y'"])


class Document:
    """A TOML text that grows from top to bottom and remembers where it put what."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.text = ""
        self.lines: dict[KeyPath, int] = {}

    def note(self, path: KeyPath) -> None:
        self.lines[path] = self.text.count("\n") + 1

    def written_key(self, key: str) -> str:
        quoted = self.draw(st.booleans()) and "\n" not in literal(key)
        return literal(key) if quoted else literal_key(key)

    def pairs(self, path: KeyPath, inline: bool = False) -> None:
        keys = self.draw(st.lists(KEYS, max_size=3 if inline else 4, unique=True))
        for index, key in enumerate(keys):
            self.text += ", " if inline and index else ""
            here = (*path, key)
            self.note(here)
            self.text += self.written_key(key)
            if self.draw(st.integers(0, 4)) == 0:
                inner = self.draw(KEYS)
                here = (*here, inner)
                self.note(here)
                self.text += self.draw(st.sampled_from([".", " . "])) + self.written_key(inner)
            self.text += self.draw(st.sampled_from([" = ", "=", "\t=  "]))
            self.value(here)
            self.text += "" if inline else self.draw(REMARKS) + "\n" * self.draw(st.integers(1, 2))

    def value(self, path: KeyPath, depth: int = 0) -> None:
        kind = self.draw(st.integers(0, 9)) if depth < 2 else 0
        if kind == 8:
            self.text += "{ "
            self.pairs(path, inline=True)
            self.text += " }"
        elif kind == 9:
            self.text += "["
            for index in range(self.draw(st.integers(0, 3))):
                self.text += self.draw(st.sampled_from(["", " ", "\n  ", "  # why\n"]))
                self.note((*path, index))
                self.value((*path, index), depth + 1)
                self.text += self.draw(st.sampled_from([",", " ,", ", # x\n"]))
            self.text += "]"
        else:
            self.text += self.draw(SCALARS)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A document with keys of its own, then tables and arrays of tables with names that occur once."""
    document = Document(draw)
    document.text += draw(st.sampled_from(["", "# a remark\n", "\n\n"]))
    document.pairs(())
    taken = {path[0] for path in document.lines}
    names = draw(st.lists(KEYS.filter(lambda key: key not in taken), max_size=3, unique=True))
    for name in names:
        key = document.written_key(name)
        if draw(st.booleans()):
            document.note((name,))
            document.text += f"[{key}]{draw(REMARKS)}\n"
            document.pairs((name,))
            continue
        document.note((name,))
        for index in range(draw(st.integers(1, 3))):
            document.note((name, index))
            document.text += f"[[ {key} ]]{draw(REMARKS)}\n"
            document.pairs((name, index))
    return document


def at(values: Any, path: KeyPath) -> Any:
    for key in path:
        values = values[key]
    return values


@given(documents(), st.sampled_from(["\n", "\r\n"]))
def test_each_key_of_a_random_document_is_reported_on_the_line_it_stands_on(
    document: Document, end: str
) -> None:
    read = TomlFile.parse(document.text.replace("\n", end), "x.toml")
    assert {path: read.line(path) for path in document.lines} == document.lines


@given(documents(), st.data())
def test_a_replaced_value_is_the_only_thing_that_changes(document: Document, data: st.DataObject) -> None:
    read = TomlFile.parse(document.text, "x.toml")
    paths = [path for path in document.lines if read.replace_value(path, "0") is not None]
    if not paths:
        return
    path = data.draw(st.sampled_from(paths))
    line = read.replace_value(path, '"other"')
    assert line is not None
    changed = tomllib.loads(corrected(document.text, read.value_line(path), line))
    assert at(changed, path) == "other"
    at(changed, path[:-1])[path[-1]] = at(read.values, path)
    assert str(changed) == str(read.values)  # by text, as a "not a number" equals nothing
