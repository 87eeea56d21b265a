"""What the wall of laureates tells those who link to it, and its feed. Both read what has been announced."""

from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _
from django.utils.translation import override

from festival.awards import queries
from festival.awards.models import Laureate
from festival.catalogue.sharing import film_data, path_of, still_of
from festival.edition.models import Edition
from festival.kit.sharing import Card, full, linked_data
from festival.kit.words import say

LANGUAGES = {"en": "en", "zh": "zh-hans"}


def wall_card(edition: Edition, laureates: list[Laureate]) -> Card:
    """The wall as a shared link shows it: with the picture of the first laureate that has one."""
    still = next((one.film for one in laureates if one.film.still), None)
    items = [
        {"@type": "ListItem", "position": place, "item": film_data(one.film, [say(one.slot.name)])}
        for place, one in enumerate(laureates, 1)
    ]
    title = _("Laureates")
    return Card(
        title=f"{title} · {say(edition.name)}",
        path=reverse("awards:laureates", args=[edition.slug]),
        about=say(edition.tagline),
        image=still_of(still) if still else "",
        data=linked_data({"@type": "ItemList", "name": title, "itemListElement": items}) if items else "",
    )


def feed(edition: Edition, language: str) -> str:
    """The laureates as RSS 2.0 in one language, the grand prize first. Empty before the announcement."""
    with override(LANGUAGES[language]):
        made = Rss201rev2Feed(
            title=f"{_('Laureates')} · {say(edition.name)}",
            link=full(reverse("awards:laureates", args=[edition.slug])),
            description=say(edition.tagline) or say(edition.name),
            language="zh-Hans" if language == "zh" else "en",
            feed_url=full(reverse("awards:feed", args=[edition.slug, language])),
        )
        for tier in queries.wall(edition):
            for one in tier.laureates:
                made.add_item(
                    title=f"{say(one.slot.name)}: {one.film.heading}",
                    link=full(path_of(one.film)),
                    description=say(one.citation) or say(one.film.synopsis),
                    unique_id=f"{edition.slug}/{one.slot.slug}/{one.place}/{one.film.code}",
                    unique_id_is_permalink=False,
                    pubdate=one.announced_at,
                    author_name=one.film.directors or None,
                )
        return str(made.writeString("utf-8"))
