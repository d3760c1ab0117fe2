"""Audit: what happened."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The append-only, hash-chained record of every change, sign-in and staff access."""

    name = "audit"

    def ready(self) -> None:
        """Let nobody change an entry, in any schema; say what it holds of people.

        Bear witness to what was done.
        """
        from audit import personal_data  # noqa: F401
        from audit.queries import evidence_count
        from contracts.registry import evidence
        from isolation.registry import append_only, limit_grants, operator_function

        append_only("audit.Entry")
        limit_grants("audit.PersonalPart", "SELECT, INSERT")
        limit_grants("audit.Head", 'SELECT, UPDATE ("only")')  # as much as locking it needs
        operator_function("audit_forget(uuid[])")
        evidence(evidence_count)
