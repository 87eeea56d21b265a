"""The door to an upload: it belongs to the account that began it, and to nobody else."""

import uuid

from django.http import Http404

from festival.people.actor import Actor
from submissions.models import Upload


def get_upload(actor: Actor, upload_id: uuid.UUID) -> Upload:
    """The upload with its entry; 404 for everybody but its owner."""
    try:
        return Upload.objects.select_related("entry__edition").get(pk=upload_id, user_id=actor.id or 0)
    except Upload.DoesNotExist:
        raise Http404 from None
