"""The project as its own tests see it: its files, its modules, and what each module imports."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent

# What belongs to the project. Named one by one, so that what tools and people leave in the folder is no
# part of it.
PARTS = (".ci", "cti", "docs", "rules", "templates", "tests")
LEFT_BY_TOOLS = {"__pycache__"}


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project."""
    tops = [file for file in ROOT.iterdir() if file.is_file()]
    inner = [file for part in PARTS for file in (ROOT / part).rglob("*") if file.is_file()]
    return tuple(sorted(file for file in (*tops, *inner) if not LEFT_BY_TOOLS & set(file.parts)))


def name(file: Path) -> str:
    """A file as messages call it: its path from the top of the project."""
    return file.relative_to(ROOT).as_posix()


@cache
def modules(package: str) -> dict[str, str]:
    """The source of each module of a top package ("cti", "tests"), by its dotted name."""
    found = {}
    for file in files():
        parts = file.relative_to(ROOT).with_suffix("").parts
        if parts[0] == package and file.suffix == ".py":
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file.read_text()
    return found


@cache
def imports(source: str) -> tuple[tuple[int, str], ...]:
    """Line and dotted name of whatever a module imports: modules, and what it takes from them.

    A relative import fails: imports are written in full, so that one can search for them.
    """
    return tuple(_imports(source))


def _imports(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and _called(node) == "import_module":
            yield from (
                (node.lineno, str(name.value)) for name in node.args[:1] if isinstance(name, ast.Constant)
            )


def _called(call: ast.Call) -> str:
    return str(getattr(call.func, "id", getattr(call.func, "attr", "")))


def within(module: str, *packages: str) -> bool:
    """Whether a module is one of the packages, or inside one."""
    return any(module == package or module.startswith(f"{package}.") for package in packages)
