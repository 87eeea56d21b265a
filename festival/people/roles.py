"""The roles of an edition, and what each includes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    ORGANISER = "organiser", _("Organiser")
    TECHNICIAN = "technician", _("Technician")
    CHAIR = "chair", _("Jury chair")
    JUDGE = "judge", _("Judge")


# Who may act in a role: holders of the role itself, and of those named here. A judge is only ever a judge:
# nobody becomes one by being something else, and the chair judges only when also named a judge.
ALSO: dict[Role, tuple[Role, ...]] = {
    Role.OWNER: (),
    Role.ORGANISER: (Role.OWNER,),
    Role.TECHNICIAN: (Role.OWNER, Role.ORGANISER),
    Role.CHAIR: (Role.OWNER,),
    Role.JUDGE: (),
}
