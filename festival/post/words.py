"""The wording of every notice. Facts are stored with the notice, words are made when it is read or mailed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from festival.edition.models import Edition
from festival.kit.incoming import HIDDEN, one_line, plain_text
from festival.kit.words import deadline_text, moment_text, say, spoken_time
from festival.people.roles import Role
from festival.post.kinds import KINDS, Kind
from festival.post.models import Mailing, Notice, Template
from festival.post.placeholders import PLACEHOLDERS, fill, names_in

SEVERAL_BLANK = re.compile(r"\n{3,}")
SPACES_AT_END = re.compile(r"[ \t]+$", re.M)
SEVERAL_LINES = ("reason", "findings", "missing", "fields", "decision", "body")
CAUSES = {  # why an invitation to the team was declined
    "time": gettext_lazy("The reason: no time in these weeks."),
    "conflict": gettext_lazy("The reason: a conflict of interest."),
}
LONGEST_SUBJECT = 300  # characters


@dataclass(frozen=True, slots=True)
class Words:
    """`has_link`: the text names the page it speaks of, so that nothing has to be added below. `reply_to`: the address
    that answers go to, "" for none.
    """

    subject: str
    body: str
    has_link: bool = False
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Subject and body in one language, with their placeholders."""

    subject: str
    body: str

    def filled(self, values: Mapping[str, str]) -> Words:
        """The words as they are read and mailed: the subject on one line, no marks that turn the direction."""
        body = _shown(fill(self.body, values))
        body = SEVERAL_BLANK.sub("\n\n", SPACES_AT_END.sub("", body)).strip()
        subject = " ".join(one_line(fill(self.subject, values)).split())[:LONGEST_SUBJECT]
        return Words(subject, body, "link" in names_in(self.body))


def render(notice: Notice) -> Words:
    """The notice in the language that is active: in the words it was written with.

    Asks nothing of the database for one that came with `queries.with_words`.
    """
    return text_of(notice).filled(values_of(notice))


def render_shielded(notice: Notice) -> Words:
    """As `render`, without what only the entrant may see while the entry is a draft."""
    hidden = {name: f"[{said.says}]" for name, said in PLACEHOLDERS.items() if said.own}
    return text_of(notice).filled(values_of(notice) | hidden)


def text_of(notice: Notice) -> Text:
    """The text a notice was written with, in the active language."""
    if notice.mailing:
        return own_text(notice.mailing)
    if notice.template and notice.template.own:
        return own_text(notice.template)
    return default_text(KINDS[notice.kind])


def own_text(words: Template | Mailing) -> Text:
    return Text(say(words.subject), say(words.body))


def default_text(kind: Kind) -> Text:
    """The words that come with the site."""
    return Text(_(kind.subject), _(kind.body))


def values_of(notice: Notice) -> dict[str, str]:
    """What the placeholders stand for, as it is said in the active language; "" for what has no value."""
    values: dict[str, str] = dict.fromkeys((*PLACEHOLDERS, "subject", "body"), "")
    values |= {name: _said(name, value) for name, value in notice.values.items()}
    values |= {
        "name": one_line(str(notice.user)),
        "edition": one_line(say(notice.edition.name)),
        "link": link_of(notice),
    }
    if type(seconds := notice.values.get("seconds")) is int:
        values["time"] = spoken_time(seconds)
    if (role := notice.values.get("role")) in Role.values:
        values["role"] = str(Role(role).label)
    if "cause" in notice.values:
        values["cause"] = str(CAUSES.get(str(notice.values["cause"]), ""))
    zone = notice.edition.time_zone
    if end := _moment(notice.values.get("deadline")):
        values["deadline"] = deadline_text(end, zone)
    for name, stored in (
        ("deadline", "until"),
        ("before", "old"),
        ("when", "from"),
    ):  # moments, told to the minute
        if moment := _moment(notice.values.get(stored)):
            values[name] = moment_text(moment, zone)
    return values


def link_of(notice: Notice) -> str:
    """The full address of the page a notice speaks of."""
    return f"{settings.SITE_URL}{notice.path}"


def sample_values(edition: Edition) -> dict[str, str]:
    """What a preview puts in for the placeholders, in the active language."""
    values = {name: say(said.sample) for name, said in PLACEHOLDERS.items()}
    return values | {"edition": one_line(say(edition.name))}


def sample(text: Text, edition: Edition) -> Words:
    """A text as an entrant would read it, with sample values."""
    return text.filled(sample_values(edition))


def with_foot(words: Words, *, link: str, edition: Edition, foot: str = "") -> Words:
    """The words as they are mailed: below them the page's address, the contest's name, and why one gets this."""
    parts = [words.body]
    if link and not words.has_link:
        parts.append(f"{_('Read more:')}\n{link}")
    name = say(edition.name)
    if edition.contact:
        name += "\n" + _("Questions to the organisers: %(address)s") % {"address": edition.contact}
    parts.append(f"-- \n{name}" + (f"\n\n{foot}" if foot else ""))
    body = "\n\n".join(part for part in parts if part) + "\n"
    return replace(words, body=body, reply_to=edition.contact)


def about_entry(mailing: Mailing) -> str:
    """The sentence below a letter to many that concerns the entries themselves."""
    text = _("You get this letter because of your entry: %(about)s. Letters about an entry always come.")
    return text % {"about": say(mailing.about).strip().rstrip(".。")}


def news_foot(address: str) -> str:
    """The sentence below news: how to get no more."""
    return f"{_('You want no more news like this? Switch it off here:')}\n{address}"


def language_words(language: str) -> str:
    """The language of a letter, for people who read of it."""
    return _("Chinese") if language.startswith("zh") else _("English")


def _moment(value: Any) -> Any:
    return parse_datetime(value) if isinstance(value, str) else None


def _said(name: str, value: Any) -> str:
    text = say(value) if isinstance(value, dict | str) else str(value)
    return _shown(text) if name in SEVERAL_LINES else one_line(text)


def _shown(text: str) -> str:
    """Text without marks that turn the reading direction and without control characters; line breaks stay."""
    kept = (char for char in plain_text(text).replace("\r\n", "\n") if char not in HIDDEN)
    return "".join(
        char for char in kept if char == "\n" or char == "\t" or char.isprintable() or ord(char) > 159
    )
