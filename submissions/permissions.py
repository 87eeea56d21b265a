"""Who may do what with an entry: pure predicates. `queries.visible_to` answers the same for whole tables."""

from datetime import datetime

from festival.edition import permissions as edition_permissions
from festival.people.actor import Actor
from festival.people.roles import Role
from submissions.correction_queries import grants
from submissions.lifecycle import By, State, moves_from
from submissions.models import BulkStep, CreditInvitation, Entry, SavedFilter


def is_entrant(actor: Actor, entry: Entry) -> bool:
    return actor.known and entry.entrant_id == actor.id


def is_co_author(actor: Actor, entry: Entry) -> bool:
    """Named in the credits, and agreed with this account. One query where the credits were not fetched."""
    if not actor.known or is_entrant(actor, entry):
        return False
    fetched = getattr(entry, "_prefetched_objects_cache", {}).get("credits")
    if fetched is None:
        said = {"invitation__user_id": actor.id, "invitation__state": CreditInvitation.State.ACCEPTED}
        return entry.credits.filter(**said).exists()
    said_yes = (
        row.invitation
        for row in fetched
        if row.invitation and row.invitation.state == CreditInvitation.State.ACCEPTED
    )
    return any(said.user_id == actor.id for said in said_yes)


def is_maker(actor: Actor, entry: Entry) -> bool:
    """Of those who made the film: its entrant, and co-authors who agreed to be named."""
    return is_entrant(actor, entry) or is_co_author(actor, entry)


def can_see(actor: Actor, entry: Entry) -> bool:
    """Its makers; and the desk, once it has been submitted (a draft is nobody's business but the makers')."""
    if entry.submitted_at is not None and can_see_desk(actor, entry):
        return True
    return is_maker(actor, entry)


def can_see_desk(actor: Actor, entry: Entry) -> bool:
    return actor.has(entry.edition_id, Role.TECHNICIAN)


def can_edit(actor: Actor, entry: Entry) -> bool:
    return is_entrant(actor, entry) and entry.state == State.DRAFT


def can_change(actor: Actor, entry: Entry, part: str, at: datetime) -> bool:
    """Write this part of an entry at this moment: any part of a draft, and of a submitted one what a correction grants.

    `part` is a name of `correction_fields`; what has none there (rights, the film) is open in a draft alone. One query
    where the corrections of a submitted entry were not fetched.
    """
    return can_edit(actor, entry) or (is_entrant(actor, entry) and grants(entry, part, at))


def can_ask_correction(actor: Actor, entry: Entry) -> bool:
    """Ask the organisers to let something be corrected: once it was submitted, as long as it is in the running."""
    return is_entrant(actor, entry) and entry.submitted_at is not None and is_running(entry)


def can_decide_correction(actor: Actor, entry: Entry) -> bool:
    """Let fields of a submitted entry be corrected, or not: organisers, and nobody for a film of their own."""
    return (
        entry.submitted_at is not None
        and edition_permissions.can_organise(actor, entry.edition)
        and not is_maker(actor, entry)
    )


def can_upload(actor: Actor, entry: Entry) -> bool:
    """Sending a film: while it is a draft, and again while a mended film is awaited. A project has no film."""
    return is_entrant(actor, entry) and entry.state in (State.DRAFT, State.FIXING) and not entry.is_project


def can_submit(actor: Actor, entry: Entry) -> bool:
    return is_entrant(actor, entry) and any(
        move.name == "submit" for move in moves_from(entry.state, By.ENTRANT)
    )


def can_withdraw(actor: Actor, entry: Entry) -> bool:
    return is_entrant(actor, entry) and any(
        move.name == "withdraw" for move in moves_from(entry.state, By.ENTRANT)
    )


def can_decide(actor: Actor, entry: Entry) -> bool:
    """Admit, ask for a mended film, refuse. Nobody decides over a film of their own."""
    return entry.submitted_at is not None and can_see_desk(actor, entry) and not is_maker(actor, entry)


def can_undo_step(actor: Actor, step: BulkStep) -> bool:
    """Take back what was done to many entries at once: who did it, and organisers."""
    if not edition_permissions.can_inspect(actor, step.edition):
        return False
    return step.by_id == actor.id or edition_permissions.can_organise(actor, step.edition)


def can_change_filter(actor: Actor, saved: SavedFilter) -> bool:
    """Rename, share or delete a saved filter: its owner; one that is shared, organisers too."""
    if not edition_permissions.can_inspect(actor, saved.edition):
        return False
    return saved.owner_id == actor.id or (
        saved.shared and edition_permissions.can_organise(actor, saved.edition)
    )


def can_waive(actor: Actor, entry: Entry) -> bool:
    """Accept a finding: while there is something to decide, and afterwards for the record of an admitted film."""
    return can_decide(actor, entry) and entry.state in (State.SUBMITTED, State.FIXING, State.ELIGIBLE)


def can_judge_match(actor: Actor, entry: Entry, other: Entry) -> bool:
    """Say whether it matters what an entry's film has in common with another; not over a film of one's own."""
    return can_decide(actor, entry) and not is_maker(actor, other)


def can_give_time(actor: Actor, entry: Entry) -> bool:
    """Let one entry be sent in later. A draft is given time by its code, without being seen."""
    return can_see_desk(actor, entry) and not is_entrant(actor, entry)


def can_catalogue(actor: Actor, entry: Entry) -> bool:
    """Put an admitted film into the catalogue, for a screening."""
    return edition_permissions.can_organise(actor, entry.edition) and entry.state == State.ELIGIBLE


def can_invite(actor: Actor, entry: Entry) -> bool:
    """Ask co-authors: also after the entry was submitted, as long as it is in the running."""
    return is_entrant(actor, entry) and is_running(entry)


def is_running(entry: Entry) -> bool:
    return entry.state not in (State.REFUSED, State.WITHDRAWN)


def can_choose_showing(actor: Actor, entry: Entry) -> bool:
    """Say what may be watched on the public page: its entrant, at any time, also after the announcement."""
    return is_entrant(actor, entry) and is_running(entry)


def can_hand_over(actor: Actor, entry: Entry) -> bool:
    """Offer the entry to another account."""
    return is_entrant(actor, entry) and is_running(entry)


def can_reassign(actor: Actor, entry: Entry) -> bool:
    """Give the entry to another account at its entrant's request: organisers, and not with a film of their own."""
    return (
        entry.submitted_at is not None
        and edition_permissions.can_organise(actor, entry.edition)
        and is_running(entry)
        and not is_maker(actor, entry)
    )


def can_see_identity(actor: Actor, entry: Entry) -> bool:
    """The representative's legal name: organisers who do not judge here as well. No technician, no judge."""
    return (
        entry.submitted_at is not None
        and edition_permissions.can_organise(actor, entry.edition)
        and not edition_permissions.can_judge(actor, entry.edition)
    )


def acts_as(actor: Actor, entry: Entry) -> set[By]:
    """In which capacities of the life-cycle table the actor stands before this entry."""
    if actor.is_system:
        return {By.SYSTEM}
    capacities = set()
    if is_entrant(actor, entry):
        capacities.add(By.ENTRANT)
    if can_decide(actor, entry):
        capacities.add(By.TECHNICIAN)
    return capacities
