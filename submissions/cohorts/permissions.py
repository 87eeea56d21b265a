"""Who may do what with a cohort, a team's place and what it delivers: pure predicates."""

from festival.edition.models import Edition
from festival.people.actor import Actor
from festival.people.roles import Role
from submissions.cohorts.models import ActionItem, Place, Session
from submissions.permissions import is_entrant, is_maker


def can_run(actor: Actor, edition: Edition | int) -> bool:
    """Invite, offer places, review, write the ledger: the organisers."""
    return actor.has(edition, Role.ORGANISER)


def is_team(actor: Actor, place: Place) -> bool:
    """The entrant of the place's entry."""
    return place.entry is not None and is_entrant(actor, place.entry)


def is_mentor(actor: Actor, place: Place) -> bool:
    """Accompanies this team. One query where the mentors were not fetched."""
    return actor.known and any(mentor.user_id == actor.id for mentor in place.mentors.all())


def can_see(actor: Actor, place: Place) -> bool:
    """The makers of its film, its mentors, and the organisers."""
    if can_run(actor, place.cohort.edition_id):
        return True
    if place.entry is not None and is_maker(actor, place.entry):
        return True
    return is_mentor(actor, place)


def can_deliver(actor: Actor, place: Place) -> bool:
    """Collect parts and hand them in: the entrant, while the team has its place."""
    return place.state == Place.State.ACCEPTED and is_team(actor, place)


def can_ask_time(actor: Actor, place: Place) -> bool:
    """Ask for more time for a milestone, and take it back: whoever delivers."""
    return can_deliver(actor, place)


def can_review(actor: Actor, place: Place) -> bool:
    """Accept a delivery, or ask for changes. Money hangs on it: organisers, not mentors."""
    return can_run(actor, place.cohort.edition_id)


def can_mentor(actor: Actor, place: Place) -> bool:
    """Write sessions, and what is to be done: its mentors and the organisers, while the team has its place."""
    return place.state == Place.State.ACCEPTED and can_read_inner(actor, place)


def can_read_inner(actor: Actor, place: Place) -> bool:
    """What mentors and organisers write for each other; never who makes the film, whatever else she is."""
    if place.entry is not None and is_maker(actor, place.entry):
        return False
    return can_run(actor, place.cohort.edition_id) or is_mentor(actor, place)


def can_read_deliveries(actor: Actor, place: Place) -> bool:
    """Read its milestones on the mentors' page, with what was handed in, the reviews and the notes: who accompanies it.

    The makers of its film have pages of their own for it.
    """
    return can_read_inner(actor, place)


def can_add_item(actor: Actor, place: Place) -> bool:
    """Write down what is to be done: mentors, organisers, and the team for itself."""
    return can_mentor(actor, place) or (place.state == Place.State.ACCEPTED and is_team(actor, place))


def can_tick(actor: Actor, item: ActionItem) -> bool:
    """Say that something is done: the team what is the team's, mentors and organisers anything."""
    place = item.place
    if place.state != Place.State.ACCEPTED:
        return False
    return can_mentor(actor, place) or (item.of_team and is_team(actor, place))


def can_rewrite(actor: Actor, row: Session | ActionItem) -> bool:
    """Change or take away what was written: who wrote it, and the organisers."""
    if not can_mentor(actor, row.place):
        return False
    return row.by_id == actor.id or can_run(actor, row.place.cohort.edition_id)


def can_book(actor: Actor, place: Place) -> bool:
    """Choose, change and give back a time for the interview: the entrant, and the organisers for her."""
    return place.state == Place.State.ACCEPTED and (
        is_team(actor, place) or can_run(actor, place.cohort.edition_id)
    )


def can_note(actor: Actor, place: Place) -> bool:
    """Write notes at moments of a cut, and answers to them: whoever sees it."""
    return place.state == Place.State.ACCEPTED and can_see(actor, place)
