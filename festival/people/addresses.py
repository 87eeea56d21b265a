"""The confirmed addresses of accounts."""

from allauth.account.models import EmailAddress

from festival.people.models import User


def has_confirmed(user: User, email: str) -> bool:
    """Whether the address belongs to the account, and its owner has proved so."""
    return EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists()


def account_with(email: str) -> User | None:
    """The active account to which this address was proved to belong; None when there is none."""
    found = EmailAddress.objects.filter(email__iexact=email, verified=True, user__is_active=True)
    address = found.select_related("user").first()
    return address.user if address else None
