"""Reads of the catalogue."""

from django.db.models import QuerySet

from festival.catalogue.models import Embedding, Film
from festival.edition.models import Edition


def published(edition: Edition) -> QuerySet[Film]:
    """What the world sees: the set of which `permissions.can_see` is the predicate."""
    return Film.objects.filter(edition=edition, published_at__isnull=False)


def for_desk(edition: Edition) -> QuerySet[Film]:
    """Every film of the edition, published or not: what a programmer can put into a screening."""
    return Film.objects.filter(edition=edition).order_by("title", "pk")


def to_choose(edition: Edition) -> QuerySet[Film]:
    """`for_desk` for a list to choose from, with only what `picker_label` reads."""
    return for_desk(edition).only("title", "title_en", "credits", "seconds")


def embedding_of(edition: Edition) -> Embedding:
    """Where the programme may stand; before anybody said so, nowhere. One query."""
    return Embedding.objects.filter(edition=edition).first() or Embedding(edition=edition)


def ancestors_of(embedding: Embedding) -> list[str]:
    """The same as a policy's frame-ancestors. This site itself always may: the desk shows how it looks."""
    return ["*"] if embedding.anywhere else ["'self'", *embedding.sites]
