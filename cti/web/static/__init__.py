"""The few files that never change while the service runs: the style sheet and the icon.

Their addresses bear their contents' hash, so that browsers may keep them for good.
"""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

_TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}

FILES = {
    file.name: (file.read_bytes(), _TYPES[file.suffix])
    for file in sorted(Path(__file__).parent.iterdir())
    if file.suffix in _TYPES
}
"""Contents and media type, by name."""

_HASHES = {name: blake2b(content, digest_size=6).hexdigest() for name, (content, _) in FILES.items()}


def address(name: str) -> str:
    """Where the file of this name is found."""
    return f"/static/{name}?{_HASHES[name]}"
