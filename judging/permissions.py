"""Who may do what in judging: pure predicates. `queries.visible_to` answers the first for whole tables."""

from festival.edition import permissions as edition_permissions
from festival.edition.models import Edition
from festival.people.actor import Actor
from festival.people.roles import Role
from judging.models import Look, Round


def can_see(actor: Actor, look: Look) -> bool:
    """A look is its judge's alone, as long as the judge is on the jury. The chair sees figures, not consoles."""
    return actor.known and look.judge_id == actor.id and actor.has(look.round.edition_id, Role.JUDGE)


def can_score(actor: Actor, look: Look) -> bool:
    """While the round is open and the judge has not stood aside."""
    return can_see(actor, look) and look.round.state == Round.State.OPEN and look.state != Look.State.RECUSED


def can_see_scores(actor: Actor, look: Look) -> bool:
    """What the panel gave this film: after the round has closed, and only where the judge's own score is in."""
    return can_see(actor, look) and look.round.state == Round.State.CLOSED and look.state == Look.State.SCORED


def can_follow(actor: Actor, round: Round) -> bool:
    """How far the judges are, in figures: organisers and the chair."""
    return edition_permissions.can_organise(actor, round.edition) or can_chair(actor, round)


def can_chair(actor: Actor, round: Round) -> bool:
    """Open, hand out missing looks, close."""
    return edition_permissions.can_chair(actor, round.edition)


def can_play_wild_card(actor: Actor, round: Round) -> bool:
    """Let a film go on past the gate, as many as the round was announced with: organisers."""
    return edition_permissions.can_organise(actor, round.edition)


def can_see_panel(actor: Actor, round: Round) -> bool:
    """How the judges' scores lie beside each other, no film named: the chair; organisers once the round is closed."""
    return can_chair(actor, round) or can_see_standing(actor, round)


def can_see_standing(actor: Actor, round: Round) -> bool:
    """Nobody before the round is closed; then organisers and the chair."""
    return round.state == Round.State.CLOSED and can_follow(actor, round)


def can_list_teams(actor: Actor, round: Round) -> bool:
    """Put the teams of a closed round's cut on the list of a cohort: organisers, who fill it, and the chair."""
    return can_see_standing(actor, round)


def can_vote(actor: Actor, round: Round) -> bool:
    """Every member of the jury has a ballot, while the round is open."""
    voting = round.gate == Round.Gate.BALLOT and round.state == Round.State.OPEN
    return voting and edition_permissions.can_judge(actor, round.edition)


def can_plan(actor: Actor, edition: Edition) -> bool:
    """Plan rounds, look after judges and conflicts: organisers and the chair."""
    return edition_permissions.can_organise(actor, edition) or edition_permissions.can_chair(actor, edition)
