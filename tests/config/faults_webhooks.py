# ruff: noqa: E501  (each message stands on one line, as people read it)
"""Mistakes in what a config says of webhooks."""

from tests.config.sample import Fault

SECRET = f"whsec_{'A' * 32}"
WEBHOOK = f"""\
[[webhooks]]
name = "registration"
url = "https://registration.example.org/hook"
secret = "{SECRET}"
"""

TASKS = """\
[[tasks]]
name = "ecd"
url = "https://fhir.example.org/r4"
"""

WEBHOOKS = [
    Fault(
        "two webhooks with one name",
        "[limits]",
        f"{WEBHOOK}\n{WEBHOOK}\n[limits]",
        55,
        "two webhooks have the name registration",
        "twee webhooks hebben de naam registration",
    ),
    Fault(
        "two servers for tasks with one name",
        "[limits]",
        f"{TASKS}\n{TASKS}\n[limits]",
        54,
        "two servers for tasks have the name ecd",
        "twee servers voor taken hebben de naam ecd",
    ),
    Fault(
        "a webhook that goes nowhere",
        "[limits]",
        f"{WEBHOOK.replace('https://', '')}\n[limits]",
        51,
        'url = "registration.example.org/hook": not the address of a page; it begins with https://',
        'url = "registration.example.org/hook": geen adres van een pagina; dat begint met https://',
        mended=False,
    ),
    Fault(
        "a webhook without encryption",
        "[limits]",
        f"{WEBHOOK.replace('https://', 'http://')}\n[limits]",
        51,
        'url = "http://registration.example.org/hook": what is told would go over the network unencrypted; use https',
        'url = "http://registration.example.org/hook": wat er gemeld wordt, zou onversleuteld over het netwerk gaan; gebruik https',
        warning=True,
    ),
    Fault(
        "a webhook that tells of clients without encryption",
        "[limits]",
        f'{WEBHOOK.replace("https://", "http://")}content = "full"\n[limits]',
        51,
        'url = "http://registration.example.org/hook": what is told would go over the network unencrypted; use https',
        'url = "http://registration.example.org/hook": wat er gemeld wordt, zou onversleuteld over het netwerk gaan; gebruik https',
    ),
    Fault(
        "a secret of a webhook that is none",
        "[limits]",
        f"{WEBHOOK.replace('whsec_', '')}\n[limits]",
        52,
        'secret = "…": not a secret of a webhook; it is whsec_ and the base64 of 24 to 64 random bytes, as made by: (printf whsec_; head -c 32 /dev/urandom | base64) > webhook-secret',
        'secret = "…": dit is geen geheim van een webhook; dat is whsec_ met de base64 van 24 tot 64 willekeurige bytes erachter, zoals gemaakt door: (printf whsec_; head -c 32 /dev/urandom | base64) > webhook-secret',
        mended=False,
    ),
    Fault(
        "a secret of a webhook that is short",
        "[limits]",
        f"{WEBHOOK.replace(SECRET, 'whsec_c2hvcnQ=')}\n[limits]",
        52,
        'secret = "…": not a secret of a webhook; it is whsec_ and the base64 of 24 to 64 random bytes, as made by: (printf whsec_; head -c 32 /dev/urandom | base64) > webhook-secret',
        'secret = "…": dit is geen geheim van een webhook; dat is whsec_ met de base64 van 24 tot 64 willekeurige bytes erachter, zoals gemaakt door: (printf whsec_; head -c 32 /dev/urandom | base64) > webhook-secret',
        mended=False,
    ),
    Fault(
        "an event that there is not",
        "[limits]",
        f'{WEBHOOK}events = ["prompt.create"]\n[limits]',
        53,
        'events = "prompt.create": not one of prompt.created, prompt.answered, prompt.withdrawn; did you mean "prompt.created"?',
        'events = "prompt.create": dit moet een van deze zijn: prompt.created, prompt.answered, prompt.withdrawn; bedoelde u "prompt.created"?',
    ),
]
