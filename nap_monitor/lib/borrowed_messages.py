"""Messages of Django and allauth that are said here in other Korean words than theirs.

Nothing imports this module: it stands here so that the strings are collected, and a project's own catalogue comes
before those of its packages. ``tests/test_catalogues.py`` holds the ids against the packages' own.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

#: Values and choices of forms.
FORMS = (
    _("Enter a valid value."),
    _("Enter a valid email address."),
    _("Enter a valid date."),
    _("Enter a whole number."),
    _("Enter a number."),
    _("Enter a valid UUID."),
    _("Enter a list of values."),
    _("Enter a complete value."),
    _("This field is required."),
    _("This field cannot be blank."),
    _("Null characters are not allowed."),
    _("Ensure this value is less than or equal to %(limit_value)s."),
    _("Ensure this value is greater than or equal to %(limit_value)s."),
    ngettext_lazy(
        "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("Select a valid choice. That choice is not one of the available choices."),
    _("%(model_name)s with this %(field_label)s already exists."),
    _("(Hidden field %(name)s) %(error)s"),
    _(
        "ManagementForm data is missing or has been tampered with. Missing fields: %(field_names)s. You may need to "
        "file a bug report if the issue persists."
    ),
    ngettext_lazy("Please submit at most %(num)d form.", "Please submit at most %(num)d forms.", "num"),
)

#: Passwords.
PASSWORDS = (
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
    _("The password is too similar to the %(verbose_name)s."),
    _("Your password can’t be too similar to your other personal information."),
    _("This password is too common."),
    _("Your password can’t be a commonly used password."),
    _("This password is entirely numeric."),
    _("The two password fields didn’t match."),
)

#: Signing in.
SIGN_IN = (
    _("Email"),
    _("Current Password"),
    _("New Password"),
    _("New Password (again)"),
    _("You must type the same password each time."),
    _("Please type your current password."),
    _("Incorrect password."),
    _("Too many failed login attempts. Try again later."),
    _("The email address and/or password you specified are not correct."),
    _("This account is currently inactive."),
    _("The password reset token was invalid."),
    _("The email address is not assigned to any user account."),
    _("You have signed out."),
    _("Password successfully changed."),
    _("Password successfully set."),
)
