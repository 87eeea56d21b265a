"""What a kind of letter is: when it is sent, its words as they come with the site, what they may speak of."""

from dataclasses import dataclass

from django.utils.functional import Promise

ALWAYS = ("name", "edition", "link")
ENTRY = ("title", "code")


@dataclass(frozen=True, slots=True)
class Kind:
    """`given`: the placeholders that have a value beside ALWAYS; `needed`: those that its words must contain.

    `news` are letters that somebody may switch off: they do not tell what became of an entry.
    """

    label: str | Promise
    when: str | Promise
    subject: str
    body: str
    given: tuple[str, ...] = ENTRY
    needed: tuple[str, ...] = ()
    news: bool = False
    editable: bool = True

    @property
    def allowed(self) -> tuple[str, ...]:
        """The placeholders that its words may use."""
        return (*self.given, *ALWAYS)
