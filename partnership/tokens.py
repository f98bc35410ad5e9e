"""Tokens of links that are mailed: 128 random bits to find a row by and 256 to prove it.

Of the proof only the SHA-256 is kept, taken together with the person's address, so a link is worth nothing once that
changes.
"""

import base64
import hashlib
import secrets
import uuid

from django.utils.crypto import constant_time_compare

ID_BYTES, SECRET_BYTES = 16, 32


def new_secret():
    return secrets.token_bytes(SECRET_BYTES)


def token_of(key, secret):
    """What stands in the link: ``key`` (UUID) and ``secret``, for an address."""
    return as_text(key.bytes + secret)


def proof_of(secret, person):
    """What is kept of ``secret`` (bytes): it holds as long as the person's address is the same."""
    return hashlib.sha256(secret + person.email.casefold().encode()).hexdigest()


def is_proven(secret, person, kept):
    return constant_time_compare(proof_of(secret, person), kept)


def read_token(token):
    """(key, secret) of what ``token_of`` made, or None."""
    content = as_bytes(token, ID_BYTES + SECRET_BYTES)
    return content and (uuid.UUID(bytes=content[:ID_BYTES]), content[ID_BYTES:])


def as_text(content):
    return base64.urlsafe_b64encode(content).decode()


def as_bytes(text, length=SECRET_BYTES):
    """The bytes that ``as_text`` made ``text`` of, or None if they are none or another number."""
    try:
        content = base64.urlsafe_b64decode(text.encode())
    except ValueError:
        return None
    return content if len(content) == length else None
