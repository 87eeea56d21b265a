"""The link in an invitation: only this site can make it, and of it only the hash is kept."""

import hashlib
import secrets
from base64 import urlsafe_b64encode

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from festival.team.models import Invitation


def token_of(row: Invitation) -> str:
    """The secret of the row's present link: 32 characters."""
    name = f"{row.pk}:{row.number}"
    digest = salted_hmac("festival.team.invitation", name, algorithm="sha256").digest()
    return urlsafe_b64encode(digest)[:32].decode()


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def nowhere() -> str:
    """A hash that no link has."""
    return hash_of(secrets.token_hex())


def address_of(row: Invitation) -> str:
    return f"{settings.SITE_URL}{reverse('team:link', args=[token_of(row)])}"
