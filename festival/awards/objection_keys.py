"""What an objector is known by: the secret in her link, and keyed hashes of her mailbox and network for the limits."""

import hashlib
import hmac
import ipaddress
from base64 import urlsafe_b64encode

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from festival.awards.audience_keys import mailbox
from festival.awards.models import Objection
from festival.edition.models import Edition


def token_of(objection: Objection) -> str:
    """The secret of its link: 32 characters. Only this site can make it, and of it only the hash is kept."""
    name = f"{objection.pk}:{objection.code}"
    digest = salted_hmac("festival.awards.objection", name, algorithm="sha256").digest()
    return urlsafe_b64encode(digest)[:32].decode()


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(objection: Objection, edition: Edition) -> str:
    """The full address under which somebody without an account follows her objection."""
    path = reverse("awards:objection_link", args=[edition.slug, token_of(objection)])
    return f"{settings.SITE_URL}{path}"


def network_of(address: str) -> str:
    """A keyed hash of the network (IPv4 /24, IPv6 /64) that an address belongs to: no address is kept."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if ip.version == 6 and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    net = ipaddress.ip_network((ip, 24 if ip.version == 4 else 64), strict=False)
    return _keyed(f"objection {net}")


def holder_of(email: str) -> str:
    """A keyed hash of the mailbox that an address means; "" for none."""
    return _keyed(f"objector {mailbox(email)}") if "@" in email else ""


def _keyed(text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
