"""The door to an upload: it belongs to the account that began it, and to nobody else."""

import uuid

from django.http import Http404

from festival.people.actor import Actor
from submissions.intake import actions
from submissions.models import Upload


def get_upload(actor: Actor, upload_id: uuid.UUID, *, bare: bool = False) -> Upload:
    """The upload, with its entry unless `bare`; 404 for everybody but its owner."""
    uploads = Upload.objects.all() if bare else Upload.objects.select_related("entry__edition")
    try:
        return uploads.get(pk=upload_id, user_id=actor.id or 0)
    except Upload.DoesNotExist:
        raise Http404 from None


def get_addressed(upload_id: uuid.UUID, number: int, signature: str) -> Upload:
    """The upload of a part whose address we signed, for whoever has the address. Refused without a good signature.

    An account that was closed meanwhile sends nothing more.
    """
    try:
        upload = Upload.objects.get(pk=upload_id, user__is_active=True)
    except Upload.DoesNotExist:
        raise actions.bad_address() from None
    actions.assert_signed(upload=upload, number=number, signature=signature)
    return upload
