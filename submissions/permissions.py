"""Who may do what with an entry: pure predicates. `queries.visible_to` answers the same for whole tables."""

from festival.edition import permissions as edition_permissions
from festival.people.actor import Actor
from festival.people.roles import Role
from submissions.lifecycle import By, State, moves_from
from submissions.models import Entry


def is_entrant(actor: Actor, entry: Entry) -> bool:
    return actor.known and entry.entrant_id == actor.id


def can_see(actor: Actor, entry: Entry) -> bool:
    """Its entrant; and the desk, once it has been submitted (a draft is nobody's business but the entrant's)."""
    if is_entrant(actor, entry):
        return True
    return entry.submitted_at is not None and can_see_desk(actor, entry)


def can_see_desk(actor: Actor, entry: Entry) -> bool:
    return actor.has(entry.edition_id, Role.TECHNICIAN)


def can_edit(actor: Actor, entry: Entry) -> bool:
    return is_entrant(actor, entry) and entry.state == State.DRAFT


def can_upload(actor: Actor, entry: Entry) -> bool:
    """Sending a film: while it is a draft, and again while a mended film is awaited."""
    return is_entrant(actor, entry) and entry.state in (State.DRAFT, State.FIXING)


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
    return can_see(actor, entry) and can_see_desk(actor, entry) and not is_entrant(actor, entry)


def can_waive(actor: Actor, entry: Entry) -> bool:
    """Accept a finding: while there is something to decide, and afterwards for the record of an admitted film."""
    return can_decide(actor, entry) and entry.state in (State.SUBMITTED, State.FIXING, State.ELIGIBLE)


def can_judge_match(actor: Actor, entry: Entry, other: Entry) -> bool:
    """Say whether it matters what an entry's film has in common with another; not over a film of one's own."""
    return can_decide(actor, entry) and not is_entrant(actor, other)


def can_give_time(actor: Actor, entry: Entry) -> bool:
    """Let one entry be sent in later. A draft is given time by its code, without being seen."""
    return can_see_desk(actor, entry) and not is_entrant(actor, entry)


def can_catalogue(actor: Actor, entry: Entry) -> bool:
    """Put an admitted film into the catalogue, for a screening."""
    return edition_permissions.can_organise(actor, entry.edition) and entry.state == State.ELIGIBLE


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
