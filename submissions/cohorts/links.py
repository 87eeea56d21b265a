"""The link in the letter that offers a place: only this site can make it, and of it only the hash is kept."""

import hashlib
import uuid
from base64 import urlsafe_b64encode

from django.conf import settings
from django.utils.crypto import salted_hmac

from submissions.cohorts.models import Place


def token_of(place: Place) -> str:
    """The secret of the place's present link: 32 characters."""
    name = f"{place.pk}:{place.number}"
    digest = salted_hmac("submissions.cohorts.place", name, algorithm="sha256").digest()
    return urlsafe_b64encode(digest)[:32].decode()


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def address_of(place: Place) -> str:
    return f"{settings.SITE_URL}/entries/place/{token_of(place)}/"


def uid_of(place: Place) -> uuid.UUID:
    """Of one letter: the same when it is tried again, another for a new link."""
    return uuid.uuid5(uuid.NAMESPACE_URL, address_of(place))
