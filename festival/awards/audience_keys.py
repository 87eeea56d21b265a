"""Codes, and keyed hashes of addresses and networks: what a poll keeps of them says nothing without its salt.

The key is the site's secret and the poll's salt. When the poll is settled the salt is gone, and nobody can find out
any more whom a hash was made of, or which codes there were.
"""

import hashlib
import hmac
import ipaddress
import re
from contextlib import suppress

from django.conf import settings

from festival.awards.models import AudiencePoll
from festival.kit.codes import ALPHABET

LENGTH, GROUP = 10, 5  # 30¹⁰ codes are 49 bits
# Providers whose addresses mean one mailbox under several names. Sources: their help pages on dots and aliases.
ONE_MAILBOX = {
    "googlemail.com": "gmail.com", "me.com": "icloud.com", "mac.com": "icloud.com", "pm.me": "proton.me",
    "protonmail.com": "proton.me", "protonmail.ch": "proton.me",
}  # fmt: skip
IGNORED = {"gmail.com": ".", "proton.me": "._-"}  # signs that make no difference before the @


def plain_code(text: str) -> str:
    """A code from whatever somebody typed or scanned: "abcde-fghjk" → "ABCDEFGHJK"."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())[:20]


def shown_code(code: str) -> str:
    """As it is written for people: ABCDE-FGHJK."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def code_of(poll: AudiencePoll, name: str) -> str:
    """The code under a name: "1:17" is number 17 of batch 1, "HOLDER:2" the second letter to an address. It is made
    from the poll's key whenever it is needed, and kept nowhere.
    """
    number = int(_keyed(poll, f"code {name}"), 16)
    found = ""
    for _place in range(LENGTH):
        number, sign = divmod(number, len(ALPHABET))
        found += ALPHABET[sign]
    return found


def digest_of(poll: AudiencePoll, code: str) -> str:
    """What is kept of a code."""
    return _keyed(poll, f"digest {plain_code(code)}")


def mailbox(email: str) -> str:
    """An address as the mailbox it means: without what follows a plus, without dots where they make no difference,
    and under the provider's first name.
    """
    local, _at, domain = email.strip().lower().rpartition("@")
    domain = domain.rstrip(".")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode()
    domain = ONE_MAILBOX.get(domain, domain)
    local = local.partition("+")[0] or local
    for sign in IGNORED.get(domain, ""):
        local = local.replace(sign, "")
    return f"{local}@{domain}"


def holder_of(poll: AudiencePoll, email: str) -> str:
    """The keyed hash of a mailbox; "" for no address."""
    return _keyed(poll, f"mailbox {mailbox(email)}") if "@" in email else ""


def domain_of(poll: AudiencePoll, email: str) -> str:
    return _keyed(poll, f"domain {mailbox(email).rpartition('@')[2]}") if "@" in email else ""


def network_of(poll: AudiencePoll, address: str) -> str:
    """The keyed hash of the network (IPv4 /24, IPv6 /64) of an address; "" for what is none. The address itself is
    never kept. Settled polls have no key: "" for all.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if ip.version == 6 and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    net = ipaddress.ip_network((ip, 24 if ip.version == 4 else 64), strict=False)
    return _keyed(poll, f"network {net}") if poll.salt else ""


def lot_of(poll: AudiencePoll, voter: str, film: str) -> str:
    """What the films are put in order by, for one voter: as by lot, and the same each time."""
    return _keyed(poll, f"order {voter} {film}")


def _keyed(poll: AudiencePoll, text: str) -> str:
    key = f"{settings.SECRET_KEY} {poll.salt}".encode()
    return hmac.new(key, f"audience {poll.pk} {text}".encode(), hashlib.sha256).hexdigest()
