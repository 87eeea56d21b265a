"""Writes of the desk of objections: notes, questions, the decision with its reasons and what follows from it."""

import re
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from festival.awards import objection_registry as registry
from festival.awards import permissions
from festival.awards.models import Objection, ObjectionStep
from festival.awards.objection_letters import tell_objector
from festival.edition.frozen_actions import Change, record_changes
from festival.edition.models import Edition
from festival.edition.objection_rules import ObjectionRules, read_objections
from festival.kit.errors import Refused
from festival.kit.incoming import plain_text
from festival.people.actor import Actor

State, Follows = Objection.State, Objection.Follows
TEXT_MAX, PUBLIC_MAX = 5000, 600
COPIED = 40  # characters in a row that are no longer words of the organisers' own; of Chinese, 16
COPIED_ZH = 16
CHINESE = re.compile("[\u4e00-\u9fff]")


@transaction.atomic
def add_note(*, objection: Objection, text: str, by: Actor, at: datetime) -> ObjectionStep:
    """A note for colleagues; the first one takes the objection up."""
    fresh = _hold(objection, by)
    text = plain_text(text).strip()[:TEXT_MAX]
    if not text:
        raise Refused(_("Write the note first."), status=400, code="text")
    if fresh.is_open:
        _take_up(fresh)
    return _log(fresh, "note", by, at, text)


@transaction.atomic
def ask(*, objection: Objection, text: str, by: Actor, at: datetime) -> ObjectionStep:
    """Ask the objector something: she reads and answers it on her page. The deadline stays."""
    fresh = _hold(objection, by)
    _assert_open(fresh)
    text = plain_text(text).strip()[:TEXT_MAX]
    if not text:
        raise Refused(_("Write the question first."), status=400, code="text")
    _take_up(fresh)
    step = _log(fresh, "question", by, at, text)
    tell_objector(fresh, "objection_question", at)
    return step


@transaction.atomic
def decide(
    *,
    objection: Objection,
    upheld: bool,
    decision: str,
    public: dict[str, str],
    by: Actor,
    at: datetime,
    follows: str = "",
) -> Objection:
    """Decide, with reasons that the objector reads. Nobody decides over her own objection.

    `public` is what everybody reads of it, in both languages: never the objector's name or words. `follows` says what
    comes of an upheld objection to the list as a whole; where the list goes back, it does so in this transaction.
    """
    fresh = _hold(objection, by)
    _assert_open(fresh)
    if permissions.is_own_objection(by, fresh):
        raise Refused(_("This is your own objection. Somebody else decides over it."), status=403)
    decision = plain_text(decision).strip()[:TEXT_MAX]
    if not decision:
        raise Refused(_("Give the reasons: the person who objected reads them."), status=400, code="decision")
    public = {key: plain_text(text).strip()[:PUBLIC_MAX] for key, text in public.items()}
    _assert_publishable(fresh, public)
    whole = upheld and not fresh.film
    if whole and follows not in Follows.values:
        raise Refused(_("Say what follows for the list."), status=400, code="follows")
    fresh.state = State.UPHELD if upheld else State.DISMISSED
    fresh.decided_at, fresh.decided_by, fresh.decision, fresh.public = at, by.user, decision, public
    fresh.follows = follows if whole else ""
    fresh.save()
    _log(fresh, str(fresh.state), by, at, decision)
    tell_objector(fresh, "objection_decided", at)
    if fresh.follows == Follows.AGAIN:
        registry.take_back()(edition=fresh.notice.edition, objection=fresh.code, reason=public, by=by, at=at)
    return fresh


@transaction.atomic
def set_rules(
    *,
    edition: Edition,
    rules: ObjectionRules,
    by: Actor,
    at: datetime,
    reason: Mapping[str, str] | None = None,
) -> Edition:
    """Change working days, and whether objections need a name. What has been received keeps its last day.

    From the call's opening with a reason, and the days are not made fewer.
    """
    if not permissions.can_handle_objections(by, edition):
        raise Refused(_("Only organisers decide over objections."), status=403)
    held = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    before = read_objections(held.objections)
    changes = [
        Change("objections.days", before.days, rules.days),
        Change("objections.anonymous", before.anonymous, rules.anonymous),
    ]
    record_changes(edition=held, changes=changes, reason=reason or {}, by=by, at=at)
    Edition.objects.filter(pk=edition.pk).update(objections=rules.as_data())
    edition.objections = rules.as_data()
    return edition


def _assert_publishable(objection: Objection, public: dict[str, str]) -> None:
    if not (public.get("en") and public.get("zh")):
        raise Refused(
            _("Write in both languages what everybody may read of the decision."), status=400, code="public"
        )
    for text in public.values():
        if any(_names(text, one) for one in _who(objection)):
            raise Refused(
                _("What everybody reads must not say who objected. Leave names and addresses out."),
                status=400,
                code="public",
            )
        if _copies(text, objection.text, objection.title):
            raise Refused(
                _(
                    "What everybody reads repeats the objector’s own words, by which she may be known. Say it in yours."
                ),
                status=400,
                code="public",
            )


def _who(objection: Objection) -> list[str]:
    user = objection.user
    said = [objection.name, objection.email, objection.contact]
    said += [user.name, user.email] if user else []
    return [one.strip() for one in said if len(one.strip()) > 1]


def _names(text: str, name: str) -> bool:
    """Whether the text holds the name as a word; Chinese has no words to tell apart."""
    edges = ("", "") if CHINESE.search(name) else (r"(?<!\w)", r"(?!\w)")
    return re.search(f"{edges[0]}{re.escape(name)}{edges[1]}", text, re.IGNORECASE) is not None


def _copies(text: str, words: str, title: str) -> bool:
    """Whether a long piece of the text stands in the objector's words; the film's title is nobody's."""
    text, words = (
        " ".join(one.replace(title, " ").split() if title else one.split()) for one in (text, words)
    )
    length = COPIED_ZH if CHINESE.search(words) else COPIED
    return any(text[at : at + length] in words for at in range(len(text) - length + 1))


def _hold(objection: Objection, by: Actor) -> Objection:
    rows = Objection.objects.select_for_update(of=("self",)).select_related("notice__edition", "user")
    fresh = rows.exclude(state=State.SENT).get(pk=objection.pk)
    if not permissions.can_handle_objections(by, fresh.notice.edition):
        raise Refused(_("Only organisers decide over objections."), status=403)
    return fresh


def _assert_open(objection: Objection) -> None:
    if not objection.is_open:
        raise Refused(_("Somebody was faster: this objection has been decided. Reload the page."))


def _take_up(objection: Objection) -> None:
    if objection.state == State.RECEIVED:
        objection.state = State.REVIEW
        objection.save(update_fields=["state"])


def _log(objection: Objection, kind: str, by: Actor, at: datetime, text: str = "") -> ObjectionStep:
    return ObjectionStep.objects.create(objection=objection, kind=kind, by=by.user, at=at, text=text)
