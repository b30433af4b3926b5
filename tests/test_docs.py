"""What the documents point at is there."""

import re

import pytest

from tests.project import ROOT, files, name

DOCUMENTS = [
    file for file in files() if file.suffix == ".md" and file.parts[len(ROOT.parts)] in ("docs", file.name)
]
VERBS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
# A path in backticks that begins with one of the project's own folders or is one of its own files.
PATHS = re.compile(
    r"`((?:cti|docs|rules|templates|tests|\.ci)/[\w./-]*|[A-Z]\w+\.md|[a-z_.]+\.toml|constraints\.txt)`"
)


def test_each_link_leads_to_a_file_and_a_heading() -> None:
    broken = []
    for file in DOCUMENTS:
        for target in re.findall(r"\]\(([^)\s]+)\)", file.read_text()):
            path, _, heading = target.partition("#")
            if path.startswith(("http:", "https:", "mailto:")):
                continue
            place = (file.parent / path).resolve() if path else file
            if not place.exists() or (heading and heading not in headings(place.read_text())):
                broken.append(f"{name(file)}: {target}")
    assert broken == []


def headings(text: str) -> set[str]:
    """The anchors of a Markdown document, as the usual renderers make them."""
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_each_verb_of_make_that_a_document_names_exists() -> None:
    # What cti prints ("make the file …: …") is no verb of make.
    named = {
        (name(file), verb)
        for file in DOCUMENTS
        for verb in re.findall(r"`?make (?!the file)([a-z-]+)\b`?", code(file.read_text()))
    }
    assert {pair for pair in named if pair[1] not in VERBS} == set()


def test_each_verb_of_make_is_told_to_contributors() -> None:
    told = (ROOT / "CONTRIBUTING.md").read_text()
    assert [verb for verb in VERBS if f"`make {verb}`" not in told and verb not in ("help", "clean")] == []


def code(text: str) -> str:
    """What a document sets as code, where a command is a command and not a word."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    return "\n".join((*blocks, *spans))


@pytest.mark.parametrize("file", ["README.md", "CONTRIBUTING.md"])
def test_each_file_that_newcomers_are_sent_to_is_there(file: str) -> None:
    named = PATHS.findall((ROOT / file).read_text())
    assert [path for path in named if "RULE" not in path and not list(ROOT.glob(path.rstrip("/")))] == []


def test_decisions_have_a_number_of_their_own_and_say_what_was_decided() -> None:
    pages = sorted(file for file in DOCUMENTS if re.match(r"\d{4}-", file.name))
    assert len({page.name[:4] for page in pages}) == len(pages)
    assert [name(page) for page in pages if "**Context.**" not in page.read_text()] == []
    assert [name(page) for page in pages if "**Decision.**" not in page.read_text()] == []
