"""One spelling of names and passwords that people type in several ways.

The same text has several encodings: composed or decomposed accents, full-width letters, a domain
in letters or in ASCII. Keyboards differ in what they send.
"""

from __future__ import annotations

import unicodedata
from contextlib import suppress

import idna


def normalize_username(username: str) -> str:
    """Return the name in NFKC, as Django's own forms do. Its case stays."""
    return unicodedata.normalize("NFKC", username.strip())


def normalize_email(email: str) -> str:
    """Return the address in NFKC and lower case, with the domain in ASCII (IDNA 2008, UTS 46).

    A domain that IDNA does not allow stays as it is; the check of the address refuses it.
    """
    local, at, domain = normalize_username(email).lower().rpartition("@")
    if at:
        with suppress(idna.IDNAError):
            domain = idna.encode(domain, uts46=True).decode()
    return f"{local}{at}{domain}"


def normalize_password(password: str) -> str:
    """Return the password as RFC 8265 (OpaqueString, section 4.2.2) prepares it for comparison.

    That is NFC, with every space as U+0020. All else counts.
    """
    spaced = "".join(" " if unicodedata.category(c) == "Zs" else c for c in password)
    return unicodedata.normalize("NFC", spaced)


def password_spellings(password: str) -> list[str]:
    """Return the texts that a stored hash may be of, without repeats.

    They are the normal form and the password as typed, which earlier releases hashed.
    """
    return list(dict.fromkeys([normalize_password(password), password]))
