"""Postfix as the mail server of a benchmark: one of its own, in a folder, that has each mail on disk before it says yes.

It takes mail on a port of this machine alone, and throws away what it has taken: nothing leaves. Only root can begin it.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers import Absent

MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
command_directory = {commands}
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = mail.example.org
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
default_transport = discard
smtpd_recipient_restrictions = permit_mynetworks, reject
"""

MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
discard unix - - n - - discard
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
showq unix n - n - - showq
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, slots=True)
class Postfix:
    """One that runs: its port, and the Message-IDs of what it has accepted, in order."""

    port: int
    log: Path

    def identities(self) -> list[str]:
        return re.findall(r" message-id=(<[^>]+>)", self.log.read_text()) if self.log.exists() else []


@contextmanager
def postfix(folder: Path) -> Iterator[Postfix]:
    """One for the time of the block. Raises Absent where it cannot be had."""
    if shutil.which("postfix") is None or os.geteuid() != 0:
        raise Absent("Postfix is not installed here, or this is not root")
    folder.mkdir()
    for place in (folder.parent, folder):
        place.chmod(0o755)  # its parts have a user of their own
    for name in ("spool", "data", "etc"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    places = {"commands": _place("command_directory"), "daemons": _place("daemon_directory")}
    (folder / "etc" / "main.cf").write_text(MAIN.format(folder=folder, **places))
    (folder / "etc" / "master.cf").write_text(MASTER.format(port=port))
    _tell(folder, "start")
    try:
        _wait_for(port)
        yield Postfix(port, folder / "mail.log")
    finally:
        _tell(folder, "stop")


def _place(name: str) -> str:
    return subprocess.run(
        ["postconf", "-dh", name], check=True, capture_output=True, text=True
    ).stdout.strip()


def _tell(folder: Path, what: str) -> None:
    done = subprocess.run(
        ["postfix", "-c", folder / "etc", what], check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise Absent(f"Postfix does not {what}: {done.stderr.strip()}")


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise Absent("Postfix does not take mail")
