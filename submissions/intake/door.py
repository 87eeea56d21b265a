"""The door to an upload: it belongs to the account that began it, and to nobody else."""

import uuid

from django.http import Http404

from festival.people.actor import Actor
from submissions.models import Upload


def get_upload(actor: Actor, upload_id: uuid.UUID, *, bare: bool = False) -> Upload:
    """The upload, with its entry unless `bare`; 404 for everybody but its owner."""
    uploads = Upload.objects.all() if bare else Upload.objects.select_related("entry__edition")
    try:
        return uploads.get(pk=upload_id, user_id=actor.id or 0)
    except Upload.DoesNotExist:
        raise Http404 from None
