"""A file that is no TOML gets one clear line for each slip, with its remedy."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.i18n import say
from cti.problems import Problem, Problems, corrected
from cti.tomlfile import TomlFile

BEFORE = """\
# about the rule
id = "crisis-intake"
"""
AFTER = """
[on]
enters = "crisis-shelter"

[[steps]]
id = "map-network"
due = "14 days"
sources = [
  "A10",
  "A11",
]
"""


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(Problems) as caught:
        TomlFile.parse(text, "rules/a.toml")
    return caught.value.problems


CURLY = 'curly quotes come from a word processor; TOML wants straight ones: "'
INVISIBLE = "an invisible character from a word processor stands on this line; write a space"
NO_EQUALS = "there is no = between the name and its value"
OPENED = "a quote is opened and not closed"
CLOSED = "a quote is closed and not opened"
COMMA = "a comma is missing between two values"
REMARK = "this is neither a name with a value nor a comment; a comment begins with #"
HEADER = "the name of a table stands between [ and ], or between [[ and ]]"
SPACES = "a name with spaces stands between quotes"
INNER = "a text with double quotes in it stands between single quotes"
BACKSLASH = "a text with a backslash in it stands between single quotes"
TRUE = "yes and no are written as true and false"
OWN_LINE = "each name with its value stands on a line of its own"
LIST = "several values stand between [ and ]"


def quoted(value: str) -> str:
    return f'text stands between quotes: "{value}"'


@pytest.mark.parametrize(
    ("line", "message", "meant"),
    [
        ("title = “Instroom”", CURLY, 'title = "Instroom"'),
        ("title = ‘Instroom’", CURLY, 'title = "Instroom"'),
        ("title = „Instroom”", CURLY, 'title = "Instroom"'),
        ("title = { nl = “In”, en = “In” }", CURLY, 'title = { nl = "In", en = "In" }'),
        ("title = “it’s”", CURLY, 'title = "it’s"'),
        ('due\u00a0= "3 days"', INVISIBLE, 'due = "3 days"'),
        ('due\u200b = "3 days"', INVISIBLE, 'due = "3 days"'),
        ('due = "3\x00 days"', INVISIBLE, 'due = "3 days"'),
        ("due = 14 days", quoted("14 days"), 'due = "14 days"'),
        ("due = 14 days   # why", quoted("14 days"), 'due = "14 days"   # why'),
        ("\tdue = 14 days", quoted("14 days"), '\tdue = "14 days"'),
        ("to = worker", quoted("worker"), 'to = "worker"'),
        ("at = 09:00", quoted("09:00"), 'at = "09:00"'),
        ("title = Don't wait", quoted("Don't wait"), 'title = "Don\'t wait"'),
        ("from = [street, at-risk]", quoted("street"), 'from = ["street", "at-risk"]'),
        ("from = { not = [street] }", quoted("street"), 'from = { not = ["street"] }'),
        (
            "later = { when = { trust = growing }, by = 2 weeks }",
            quoted("growing"),
            'later = { when = { trust = "growing" }, by = "2 weeks" }',
        ),
        ('due: "3 days"', "a name and its value are joined by =, not by :", 'due = "3 days"'),
        ("due: 3 days", "a name and its value are joined by =, not by :", 'due = "3 days"'),
        ("times == 2", "a name and its value are joined by =, not by ==", "times = 2"),
        ("times => 2", "a name and its value are joined by =, not by =>", "times = 2"),
        ('due "3 days"', NO_EQUALS, 'due = "3 days"'),
        ("due 3 days", NO_EQUALS, 'due = "3 days"'),
        ("to worker", NO_EQUALS, 'to = "worker"'),
        ("since = 1-3-2026", "a day is written as year-month-day: 2026-03-01", "since = 2026-03-01"),
        ("since = 31/3/2026", "a day is written as year-month-day: 2026-03-31", "since = 2026-03-31"),
        ("since = 2026-3-1", "a day is written as year-month-day: 2026-03-01", "since = 2026-03-01"),
        ("since: 1.3.2026", "a name and its value are joined by =, not by :", "since = 2026-03-01"),
        ("share = 0,3", "a number is written with a point: 0.3", "share = 0.3"),
        ("share = 1.000,5  # x", "a number is written with a point: 1000.5", "share = 1000.5  # x"),
        ("off = True", TRUE, "off = true"),
        ("off = FALSE", TRUE, "off = false"),
        ('due = "3 days', OPENED, 'due = "3 days"'),
        ("due = '3 days", OPENED, 'due = "3 days"'),
        ("due = \"3 days'", OPENED, 'due = "3 days"'),
        ('due = "3 days  # why', OPENED, 'due = "3 days"  # why'),
        ('due = 3 days"', CLOSED, 'due = "3 days"'),
        ('from = ["street, "at-risk"]', OPENED, 'from = ["street", "at-risk"]'),
        ('from = ["street", "at-risk]', OPENED, 'from = ["street", "at-risk"]'),
        ('from = ["street", at-risk"]', CLOSED, 'from = ["street", "at-risk"]'),
        ('x = { every = "5 days, times = 2 }', OPENED, 'x = { every = "5 days", times = 2 }'),
        ('title = "De "warme" plek"', INNER, "title = 'De \"warme\" plek'"),
        (r'path = "C:\data\new"', BACKSLASH, r"path = 'C:\data\new'"),
        ('from = ["street", "at-risk"', "a closing ] is missing", 'from = ["street", "at-risk"]'),
        ('x = { every = "5 days"', "a closing } is missing", 'x = { every = "5 days" }'),
        ('x = { not = ["a", "b" }', "a closing ] is missing", 'x = { not = ["a", "b"] }'),
        ('from = ["street"]]', "there is a closing ] too many", 'from = ["street"]'),
        ('from = ["street" "at-risk"]', COMMA, 'from = ["street", "at-risk"]'),
        ('x = { every = "5 days" times = 2 }', COMMA, 'x = { every = "5 days", times = 2 }'),
        ("x = { times = 2, }", "no comma stands before }", "x = { times = 2 }"),
        ('from = "street", "at-risk"', LIST, 'from = ["street", "at-risk"]'),
        ('due = "3 days",', "nothing stands after a value; take , away", 'due = "3 days"'),
        ('due = "3 days"; # x', "nothing stands after a value; take ; away", 'due = "3 days" # x'),
        ('due = "3 days" to = "worker"', OWN_LINE, 'due = "3 days"\nto = "worker"'),
        ('due = "3 days"  // why', REMARK, 'due = "3 days"  # why'),
        ("// why", REMARK, "# why"),
        ("This rule is for the shelter", REMARK, "# This rule is for the shelter"),
        ("network mapped = true", SPACES, '"network mapped" = true'),
        ("[crisis shelter]", SPACES, '["crisis shelter"]'),
        ("[on-entry", HEADER, "[on-entry]"),
        ("[[variants]", HEADER, "[[variants]]"),
        ("variants]] # x", HEADER, "[[variants]] # x"),
        ('id = "again"', "id stands twice here; the first is on line 2", '# id = "again"'),
    ],
)
def test_a_slip_is_named_and_mended(line: str, message: str, meant: str) -> None:
    text = BEFORE + line + AFTER
    (found,) = problems(text)
    assert (found.message("en"), found.file, found.line) == (message, "rules/a.toml", 3)
    assert found.suggestion == meant
    assert TomlFile.parse(corrected(text, 3, meant), "rules/a.toml").values["id"] == "crisis-intake"


@pytest.mark.parametrize(
    ("lines", "at", "message", "meant"),
    [
        ('x = [\n  "a"\n  "b",\n]', 4, COMMA, '  "a",'),
        ('x = [\n  "a"  # first\n\n  "b",\n]', 4, COMMA, '  "a",  # first'),
        ('x = [\n  "a",\n  b,\n]', 5, quoted("b"), '  "b",'),
        ('x = ["a"\ny = 1', 3, "a closing ] is missing", 'x = ["a"]'),
        ('x = [\n  "a",\n  "b",\n\ny = 1', 5, "a closing ] is missing", '  "b",\n]'),
    ],
)
def test_a_list_over_several_lines_is_mended_where_the_slip_is(
    lines: str, at: int, message: str, meant: str
) -> None:
    text = BEFORE + lines + AFTER
    (found,) = problems(text)
    assert (found.message("en"), found.line, found.suggestion) == (message, at, meant)
    TomlFile.parse(corrected(text, at, meant), "rules/a.toml")


def test_a_list_left_open_at_the_end_of_the_file_is_closed() -> None:
    text = BEFORE + 'x = [\n  "a",\n  "b"\n'
    (found,) = problems(text)
    assert (found.message("en"), found.line) == ("a closing ] is missing", 5)
    assert TomlFile.parse(corrected(text, 5, found.suggestion or ""), "a").values["x"] == ["a", "b"]


@pytest.mark.parametrize(
    ("lines", "at", "message"),
    [
        ("since = 31-02-2026", 3, "there is no such day: 31-02-2026"),
        ("since = 2026-02-30", 3, "there is no such day: 2026-02-30"),
        ("due =", 3, "there is no value after the ="),
        ("due =   # later", 3, "there is no value after the ="),
        ('= "3 days"', 3, "there is no name before the ="),
        ('x = {\n  every = "5 days"\n}', 3, "what stands between braces stands on one line"),
        ("x = { a = 1, a = 2 }", 3, "a name stands twice between the same braces"),
        ('[on]\nenters = "street"', 5, "[on] stands twice; the first is on line 3"),
        ("<<<<<<< HEAD", 3, "this is not TOML (Invalid statement)"),
        ("-", 3, NO_EQUALS),
    ],
)
def test_what_only_the_writer_can_mend_is_said_without_a_suggestion(
    lines: str, at: int, message: str
) -> None:
    (found,) = problems(BEFORE + lines + AFTER)
    assert (found.message("en"), found.line, found.suggestion) == (message, at, None)


def test_a_text_over_several_lines_that_never_ends_is_named_where_it_begins() -> None:
    (found,) = problems(BEFORE + 'why = """\nBecause\n' + AFTER)
    assert (found.message("en"), found.line) == ('a text that opens with """ is not closed', 3)


def test_tables_of_one_name_want_double_brackets() -> None:
    text = '[steps]\nid = "a"\n\n[ steps ] # two\nid = "b"\n'
    found = problems(text)
    said = "several tables of one name stand between double brackets each: [[steps]]"
    assert [problem.message("en") for problem in found] == [said, said]
    assert [(problem.line, problem.suggestion) for problem in found] == [
        (1, "[[steps]]"),
        (4, "[[ steps ]] # two"),
    ]


def test_one_header_among_others_that_lacks_a_pair_of_brackets_is_the_wrong_one() -> None:
    (found,) = problems('[[steps]]\nid = "a"\n[steps]\nid = "b"\n')
    assert (found.line, found.suggestion) == (3, "[[steps]]")


def test_all_slips_of_a_file_are_found_at_once() -> None:
    text = 'a = 1 day\nb = [\n  "x"\n  "y"\n]\nc "z"\nd = 1-1-2026\n[e\nf = “g”\n'
    found = problems(text)
    assert [problem.line for problem in found] == [1, 3, 6, 7, 8, 9]
    for problem in found:
        text = corrected(text, problem.line or 0, problem.suggestion or "")
    assert TomlFile.parse(text, "a").values["e"] == {"f": "g"}


def test_lines_that_a_suggestion_adds_shift_no_later_finding() -> None:
    found = problems('x = ["a",\ny = 1\nz = 2 w = 3\nv = one\n')
    assert [(problem.line, problem.suggestion) for problem in found] == [
        (1, 'x = ["a",]'),
        (3, "z = 2\nw = 3"),
        (4, 'v = "one"'),
    ]


def test_the_search_ends_at_what_cannot_be_mended() -> None:
    assert [problem.line for problem in problems("a = one\nb =\nc = three\n")] == [1, 2]


def test_a_file_full_of_slips_says_the_first_twenty() -> None:
    assert len(problems("".join(f"k{n} = text {n}\n" for n in range(100)))) == 20


def test_messages_are_said_in_dutch() -> None:
    (found,) = problems("due = 14 days")
    assert found.sentence("nl") == 'rules/a.toml:1: tekst staat tussen aanhalingstekens: "14 days"'


def unreadable(path: Path, data: bytes) -> Problem:
    path.write_bytes(data)
    with pytest.raises(Problems) as caught:
        TomlFile.read(path, "rules/a.toml")
    (found,) = caught.value.problems
    return found


def test_a_file_in_the_encoding_of_windows_is_named_with_its_line(tmp_path: Path) -> None:
    text = '# rule\r\nid = "a"\r\ntitle = "Eén dag — “ja”"\r\nwhy = "é"\r\n'
    found = unreadable(tmp_path / "a.toml", text.encode("cp1252"))
    assert found.line == 3
    assert found.suggestion == 'title = "Eén dag — “ja”"'
    said = "this file is saved as {encoding}; save it as UTF-8 (in most editors: Save as, Encoding)"
    assert found.message("en") == say("en", said, encoding="Windows-1252")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_saved_as_unicode_with_two_bytes_is_named(tmp_path: Path, encoding: str) -> None:
    found = unreadable(tmp_path / "a.toml", 'title = "één"\r\nid = "a"\r\n'.encode(encoding))
    assert (found.line, found.suggestion) == (1, 'title = "één"')
    assert "UTF-16" in found.message("nl")


def test_a_bad_byte_after_a_byte_order_mark_shows_its_line_without_the_mark(tmp_path: Path) -> None:
    found = unreadable(tmp_path / "a.toml", b"\xef\xbb\xbfx = '\xe9'")
    assert (found.line, found.suggestion) == (1, "x = 'é'")


PIECES = st.sampled_from(
    [
        "a",
        "b = ",
        '"',
        "'",
        '"""',
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        ",",
        "=",
        "\n",
        " ",
        "#",
        "1",
        "-",
        "é",
        "“",
        "\\",
    ]
)


def found_in(text: str) -> tuple[Problem, ...]:
    try:
        TomlFile.parse(text, "a.toml")
    except Problems as error:
        return error.problems
    return ()


@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_text_is_read_or_gets_findings_on_lines_that_exist(text: str) -> None:
    for problem in found_in(text):
        assert problem.line is not None
        assert 1 <= problem.line <= text.count("\n") + 1
        assert problem.message("nl")


@given(st.lists(PIECES, max_size=12).map("".join))
def test_a_suggestion_removes_its_finding(line: str) -> None:
    text = BEFORE + line.replace("\n", " ") + AFTER
    for problem in found_in(text)[:1]:
        if problem.suggestion is not None:
            rest = found_in(corrected(text, problem.line or 0, problem.suggestion))
            assert not rest or (rest[0].line or 0) > (problem.line or 0)
