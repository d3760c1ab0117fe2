"""What the audit trail's verbs about people are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: dict[str, Promise] = {
    "person.created": _("account opened"),
    "person.changed": _("account corrected"),
    "person.deactivated": _("account closed"),
    "person.reactivated": _("account opened again"),
    "role.given": _("role given"),
    "role.ended": _("role taken back"),
    "role.created": _("role made"),
    "role.changed": _("role changed"),
    "role.removed": _("role removed"),
    "session.opened": _("signed in"),
    "session.closed": _("signed out"),
    "session.refused": _("sign-in refused"),
    "session.locked": _("session locked"),
    "session.revoked": _("sessions closed"),
    "token.made": _("access token made"),
    "token.revoked": _("access token revoked"),
    "password.changed": _("password changed"),
    "second_factor.totp_activated": _("second factor switched on"),
    "second_factor.totp_deactivated": _("second factor switched off"),
    "second_factor.recovery_codes_generated": _("new recovery codes made"),
    "terms.accepted": _("terms accepted"),
    "invitation.sent": _("invitation sent"),
    "invitation.sent_again": _("invitation sent again"),
    "invitation.cancelled": _("invitation taken back"),
    "invitation.accepted": _("invitation accepted"),
    "invitation.expired": _("invitation expired"),
    "access.reviewed": _("access reviewed"),
    "access.denied": _("access refused"),
    "administrator.named": _("new administrator named at the signatory’s demand"),
    "tenant.administrator_named": _("new administrator named for a school"),
}
