"""Who is asking: the account with its roles in every edition, read in one query per request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from festival.people.roles import ALSO, Role

if TYPE_CHECKING:
    from festival.people.models import User


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts. `user` is None for a stranger and for the system itself."""

    user: "User | None" = None
    roles: Mapping[int, frozenset[str]] = field(default_factory=dict)
    is_system: bool = False

    @property
    def known(self) -> bool:
        return self.user is not None

    @property
    def id(self) -> int | None:
        return self.user.pk if self.user else None

    @property
    def is_operator(self) -> bool:
        return bool(self.user and self.user.is_operator)

    def has(self, edition: Any, role: Role) -> bool:
        """Whether the actor may act as `role` in `edition` (an Edition or its id)."""
        held = self.roles.get(getattr(edition, "pk", edition), frozenset())
        return role in held or any(other in held for other in ALSO[role])

    def has_any(self, edition: Any) -> bool:
        """Whether the actor belongs to the edition's team in any role."""
        return bool(self.roles.get(getattr(edition, "pk", edition)))

    def editions(self, role: Role) -> list[int]:
        """The ids of the editions in which the actor may act as `role`."""
        return [edition for edition in self.roles if self.has(edition, role)]

    def __str__(self) -> str:
        return str(self.user) if self.user else ("system" if self.is_system else "stranger")


STRANGER = Actor()
SYSTEM = Actor(is_system=True)


def actor_of(user: Any) -> Actor:
    """The actor for an account. Roles that came with the account (AccountBackend) cost no further query."""
    if not getattr(user, "is_authenticated", False):
        return STRANGER
    rows = getattr(user, "loaded_roles", None)
    if rows is None:
        rows = list(user.memberships.values_list("edition_id", "role"))
    roles: dict[int, set[str]] = {}
    for edition, role in rows:
        if edition is not None:
            roles.setdefault(edition, set()).add(role)
    return Actor(user=user, roles={edition: frozenset(names) for edition, names in roles.items()})
