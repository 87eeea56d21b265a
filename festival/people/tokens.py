"""Upload tokens: made and revoked on the account's page, and looked up for the addresses that take them.

An address takes tokens only when its view asks here: everywhere else a token means nothing.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from festival.kit.errors import Refused
from festival.people.actor import Actor, actor_of
from festival.people.models import User
from festival.people.token_models import UploadToken

PREFIX = "firstlight-upload-"  # tells what it is where one is found
GOOD_FOR = timedelta(days=30)
MOST = 5  # of one account at the same time
NOTED_EVERY = timedelta(hours=1)  # how often it is written down that a token was used


def tokens_of(user: User, at: datetime) -> QuerySet[UploadToken]:
    """The tokens of an account that are good now, newest first."""
    mark = user.get_session_auth_hash()
    return UploadToken.objects.filter(
        user=user, revoked_at__isnull=True, expires_at__gt=at, password_mark=mark
    )


@transaction.atomic
def make_token(*, by: Actor, name: str, at: datetime) -> tuple[UploadToken, str]:
    """A new token and its secret, which is not kept. Refused when the account has too many."""
    user = User.objects.select_for_update(no_key=True).get(pk=by.id)
    if tokens_of(user, at).count() >= MOST:
        raise Refused(
            _("You have %(count)d upload tokens. Revoke one before you make another.") % {"count": MOST},
            code="too_many_tokens",
        )
    secret = PREFIX + secrets.token_urlsafe(32)
    token = UploadToken.objects.create(
        user=user,
        name=name,
        digest=_digest(secret),
        password_mark=user.get_session_auth_hash(),
        created_at=at,
        expires_at=at + GOOD_FOR,
    )
    return token, secret


def revoke_token(*, token: UploadToken, at: datetime) -> None:
    """End a token at once; twice is once."""
    UploadToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at)


def actor_with(secret: str, at: datetime) -> Actor | None:
    """Who acts with this token: its account, without any role in any edition. None when it is not good."""
    rows = UploadToken.objects.select_related("user").filter(
        digest=_digest(secret), revoked_at__isnull=True, expires_at__gt=at, user__is_active=True
    )
    token = rows.first()
    if token is None or not constant_time_compare(token.password_mark, token.user.get_session_auth_hash()):
        return None
    if token.used_at is None or at - token.used_at >= NOTED_EVERY:
        UploadToken.objects.filter(pk=token.pk).update(used_at=at)
    token.user.loaded_roles = []  # type: ignore[attr-defined]
    return actor_of(token.user)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
