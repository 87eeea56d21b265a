"""Texts of Django and allauth whose own Chinese is not how we speak; locale/ holds ours, which comes first.

Nothing reads this list but ./dev messages.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

TEXTS = (
    # allauth: addresses
    _("Email"),
    _("Email address"),
    _("Email Addresses"),
    _("The following email addresses are associated with your account:"),
    _("Verified"),
    _("Unverified"),
    _("Primary"),
    _("Make Primary"),
    _("Re-send Verification"),
    _("Add Email Address"),
    _("Add Email"),
    _("Do you really want to remove the selected email address?"),
    _("Confirm Email Address"),
    _("Verify Your Email Address"),
    _("Email Changed"),
    _("Email Removed"),
    _("Email Confirmation"),
    _("Account Inactive"),
    _("This account is currently inactive."),
    _("You have confirmed %(email)s."),
    _("Removed email address %(email)s."),
    _("Primary email address set."),
    _("You cannot remove your primary email address (%(email)s)."),
    _("Your email has been confirmed."),
    _("Email address %(deleted_email)s has been removed from your account."),
    _("You cannot activate two-factor authentication until you have verified your email address."),
    # allauth: the second step
    _("Two-Factor Authentication"),
    _("Authenticator App"),
    _("Authenticator App Activated"),
    _("Authenticator App Deactivated"),
    _("Recovery Codes"),
    _("New Recovery Codes Generated"),
    _("Authenticator code"),
    # Django: what a password must be
    _("Your password can’t be too similar to your other personal information."),
    _("Your password can’t be a commonly used password."),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
    _("Your old password was entered incorrectly. Please enter it again."),
)
