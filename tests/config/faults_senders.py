# ruff: noqa: E501  (each message stands on one line, as people read it)
"""Mistakes in what a config says of sources that are pushed to."""

from tests.config.sample import Fault

TOKEN = "0123456789abcdef0123456789abcdef"
SOURCE = f"""\
[[sources]]
name = "ecd"
type = "http"
token = "{TOKEN}"
"""
OTHER = SOURCE.replace('"ecd"', '"other"')

SENDERS = [
    Fault(
        "a sender that shows nothing",
        "[limits]",
        '[[sources]]\nname = "ecd"\ntype = "http"\n\n[limits]',
        49,
        "source ecd has neither a secret nor a token, so nobody can push to it; make one by: (printf whsec_; head -c 32 /dev/urandom | base64) > push-secret, and name that as secret_file",
        "bron ecd heeft geen secret en geen token, dus niemand kan er iets naartoe sturen; maak er een met: (printf whsec_; head -c 32 /dev/urandom | base64) > push-secret, en noem dat bestand als secret_file",
        mended=False,
    ),
    Fault(
        "a token that can be guessed",
        "[limits]",
        f"{SOURCE.replace(TOKEN, 'hush')}\n[limits]",
        52,
        'token = "…": not a token; it has at least 32 letters and digits and no spaces, as made by: head -c 32 /dev/urandom | base64 > push-token',
        'token = "…": geen token; dat heeft minstens 32 letters en cijfers en geen spaties, zoals gemaakt door: head -c 32 /dev/urandom | base64 > push-token',
        mended=False,
    ),
    Fault(
        "a secret of a sender that is none",
        "[limits]",
        f"{SOURCE.replace('token', 'secret')}\n[limits]",
        52,
        'secret = "…": not a secret to sign with; it is whsec_ and the base64 of 24 to 64 random bytes, as made by: (printf whsec_; head -c 32 /dev/urandom | base64) > push-secret',
        'secret = "…": hiermee kan niet worden ondertekend; het is whsec_ met de base64 van 24 tot 64 willekeurige bytes erachter, zoals gemaakt door: (printf whsec_; head -c 32 /dev/urandom | base64) > push-secret',
        mended=False,
    ),
    Fault(
        "two senders with one token",
        "[limits]",
        f"{SOURCE}\n{OTHER}\n[limits]",
        57,
        'token = "…": source ecd has the same, and the two could not be told apart',
        'token = "…": bron ecd heeft dezelfde, en dan zijn de twee niet uit elkaar te houden',
        mended=False,
    ),
    Fault(
        "a token in a file that is not there",
        "[limits]",
        f"{SOURCE.replace(f'token = {chr(34)}{TOKEN}', f'token_file = {chr(34)}push-token')}\n[limits]",
        52,
        'token_file = "push-token": there is no such file',
        'token_file = "push-token": dit bestand bestaat niet',
        mended=False,
    ),
    Fault(
        "a kind of event that there is not",
        "[limits]",
        f'{SOURCE}types = {{ "org.example.placed" = "stays" }}\n[limits]',
        53,
        'types: "stays" is no kind of event; there are stay, expected, fact, assignment, closed, retracted; did you mean "stay"?',
        'types: "stays" is geen soort gebeurtenis; die zijn er: stay, expected, fact, assignment, closed, retracted; bedoelde u "stay"?',
        mended=False,
    ),
    Fault(
        "a field that no event has",
        "[limits]",
        f'{SOURCE}fields = {{ situatie = "locatie" }}\n[limits]',
        53,
        'fields: "situatie" is no field of an event; there are id, situation, begin, end, destination, expected, expected_day, fact, value, day, worker, team, closed, closed_until; did you mean "situation"?',
        'fields: "situatie" is geen veld van een gebeurtenis; die zijn er: id, situation, begin, end, destination, expected, expected_day, fact, value, day, worker, team, closed, closed_until; bedoelde u "situation"?',
        mended=False,
    ),
]
