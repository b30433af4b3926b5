# ruff: noqa: E501  (each message stands on one line, as people read it)
"""Mistakes in what a config says of single sign-on."""

from tests.config.sample import Fault

OIDC = """\
[web]
login = ["oidc"]
[web.oidc]
issuer = "https://login.example.org"
client_id = "cti"

[limits]"""

LOGIN = [
    Fault(
        "single sign-on with nobody to ask",
        "[limits]",
        '[web]\nlogin = ["mail", "oidc"]\n\n[limits]',
        50,
        'login = ["mail", "oidc"]: single sign-on needs a section [web.oidc] with issuer and client_id',
        'login = ["mail", "oidc"]: voor eenmalig inloggen is een onderdeel [web.oidc] nodig, met issuer en client_id',
    ),
    Fault(
        "single sign-on that is not used",
        "[limits]",
        OIDC.replace('login = ["oidc"]\n', ""),
        50,
        'there is a section [web.oidc], and [web] login does not name "oidc", so nobody comes in by it',
        'er is een onderdeel [web.oidc], maar [web] login noemt "oidc" niet, dus niemand komt daarmee binnen',
        mended=False,
        warning=True,
    ),
    Fault(
        "an issuer that is no address",
        "[limits]",
        OIDC.replace("https://", ""),
        52,
        'issuer = "login.example.org": not the address of a page; it begins with https://',
        'issuer = "login.example.org": geen adres van een pagina; dat begint met https://',
        mended=False,
    ),
    Fault(
        "an issuer with what stands under it",
        "[limits]",
        OIDC.replace("example.org", "example.org/.well-known/openid-configuration"),
        52,
        'issuer = "https://login.example.org/.well-known/openid-configuration": the issuer is what stands before /.well-known/openid-configuration; did you mean "https://login.example.org"?',
        'issuer = "https://login.example.org/.well-known/openid-configuration": de issuer is wat voor /.well-known/openid-configuration staat; bedoelde u "https://login.example.org"?',
    ),
    Fault(
        "an issuer without encryption",
        "[limits]",
        OIDC.replace("https://", "http://"),
        52,
        'issuer = "http://login.example.org": who logs in would be told over the network unencrypted; use https',
        'issuer = "http://login.example.org": wie er inlogt, zou onversleuteld over het netwerk gaan; gebruik https',
    ),
]
