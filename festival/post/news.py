"""Who wants no news: kept by account, for one edition or for all; changed on the account's page or by a link."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from festival.edition.models import Edition
from festival.people.models import User
from festival.post.models import NewsRefusal

SALT = "festival.post.news"


def off_address(user_id: int, edition_id: int) -> str:
    """The address that switches news off without logging in. It has no end: old letters must stay answerable."""
    token = signing.Signer(salt=SALT).sign_object([user_id, edition_id])
    return settings.SITE_URL + reverse("post:news_off", kwargs={"token": token})


def read_token(token: str) -> tuple[User, Edition] | None:
    """Whose news of which edition a link is about; None for one that we did not write."""
    try:
        user_id, edition_id = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    user, edition = User.objects.filter(pk=user_id).first(), Edition.objects.filter(pk=edition_id).first()
    return (user, edition) if user and edition else None


def refuse_news(*, user: User, edition: Edition | None, at: datetime) -> None:
    """No more news of the edition, or of any when there is none. Twice is once."""
    NewsRefusal.objects.get_or_create(user=user, edition=edition, defaults={"at": at})


def accept_news(*, user: User, edition: Edition | None) -> None:
    """News again. Of an edition: also where all news had been switched off."""
    if edition is None:
        NewsRefusal.objects.filter(user=user).delete()
    else:
        NewsRefusal.objects.filter(Q(edition=edition) | Q(edition=None), user=user).delete()


@transaction.atomic
def choose(
    *, user: User, none_at_all: bool, wanted: Iterable[Edition], among: Iterable[Edition], at: datetime
) -> None:
    """All choices of an account at once: of the editions `among`, those `wanted` may send news."""
    mine = NewsRefusal.objects.filter(user=user)
    if not none_at_all:
        mine.filter(edition=None).delete()
    wanted = set(wanted)
    mine.filter(edition__in=wanted).delete()
    for edition in {*among} - wanted:
        refuse_news(user=user, edition=edition, at=at)
    if none_at_all:
        refuse_news(user=user, edition=None, at=at)


def refuses_all(user: User) -> bool:
    return NewsRefusal.objects.filter(user=user, edition=None).exists()


def refused_by(user: User) -> set[int | None]:
    """The editions of which an account wants no news; None among them stands for all."""
    return set(NewsRefusal.objects.filter(user=user).values_list("edition_id", flat=True))


def wants_news(user: User, edition: Edition) -> bool:
    return not refusals(edition.pk).filter(user=user).exists()


def refusing(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Of accounts and editions those pairs in which the account wants no news. One query, or none."""
    asked = set(pairs)
    if not asked:
        return set()
    rows = NewsRefusal.objects.filter(user_id__in={user for user, _edition in asked})
    found = set(rows.values_list("user_id", "edition_id"))
    return {pair for pair in asked if pair in found or (pair[0], None) in found}


def refusals(edition_id: int) -> QuerySet[NewsRefusal]:
    """Refusals that count for an edition: its own and those of all news."""
    return NewsRefusal.objects.filter(Q(edition_id=edition_id) | Q(edition=None))
