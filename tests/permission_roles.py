"""Sets of the world's people, as decisions name them."""

from tests.world import PEOPLE

EVERYBODY = frozenset(PEOPLE)
SIGNED_IN = EVERYBODY - {"stranger"}
OWNERS = frozenset({"owner"})
ORGANISERS = frozenset({"owner", "organiser"})
TECHNICIANS = ORGANISERS | {"technician"}
CHAIRS = frozenset({"owner", "chair"})
DESK = TECHNICIANS | CHAIRS
JUDGE = frozenset({"judge"})
JUDGES = frozenset({"judge", "fellow"})
ENTRANT = frozenset({"entrant"})
COAUTHOR = frozenset({"coauthor"})

TWO_STEPS = frozenset({"rival"})
MENTOR = frozenset({"account"})
RECIPIENT = frozenset({"entrant"})  # of a signed link
