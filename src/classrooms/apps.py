"""The classroom: pupils, guardians, classes, groups, school years, imports and the learning record."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClassroomsConfig(AppConfig):
    """Teachers, students, guardians, classes, groups, school years, imports, the learning record."""

    name = "classrooms"

    def ready(self) -> None:
        """Say what the agenda may ask, which data is personal, what a new tenant starts with and what pages
        there are.
        """
        from classrooms import keepers, personal_data  # noqa: F401
        from classrooms.actions.open_household import open_household
        from classrooms.actions.seed_framework import seed_framework
        from classrooms.actions.welcome_guardian import welcome_guardian
        from classrooms.forms.handover import name_successors, successor_form
        from classrooms.queries.circles import household_of
        from people.registry import circle_source, closing_step, on_accepted
        from tenants.registry import on_opening, on_sub_tenant

        on_opening(seed_framework)
        on_accepted(welcome_guardian)
        on_sub_tenant(open_household)
        circle_source(household_of)
        closing_step(successor_form, name_successors)
        _places()
        _panels()
        _words()
        _acts()


def _places() -> None:
    from classrooms.queries.panels import drafts
    from people.registry import account_menu_item, menu_item

    account_menu_item(
        area="tenant",
        label=_("Families"),
        url="classrooms:families",
        permission="invitations.write",
        icon="mail",
        order=20,
    )
    for label, url, permission, icon, order, count in (
        (_("Classes"), "classrooms:classes", "classes.read", "layout-grid", 10, None),
        (_("Record"), "classrooms:record", "record.read", "notebook-pen", 20, drafts),
        (_("Pupils"), "classrooms:students", "students.read", "users", 30, None),
        (_("Household"), "classrooms:household", "household.write", "users", 5, None),
        (_("News"), "classrooms:family", "family.read", "images", 10, None),
        (_("Progress"), "classrooms:family_progress", "family.read", "chart-line", 20, None),
        (_("Record"), "classrooms:family_record", "family.read", "book-open", 30, None),
    ):
        menu_item(
            area="tenant", label=label, url=url, permission=permission, icon=icon, order=order, count=count
        )


def _panels() -> None:
    from classrooms.queries import panels
    from people.registry import panel

    for permission, name, context, order in (
        ("classes.read", "classes_panel", panels.my_classes, 10),
        ("imports.write", "todo_panel", panels.back_to_school, 20),
        ("family.read", "family_panel", panels.my_children, 10),
        ("household.write", "household_panel", panels.my_household, 20),
    ):
        panel(
            area="tenant",
            permission=permission,
            template=f"classrooms/{name}.html",
            context=context,
            order=order,
        )


def _words() -> None:
    from audit.registry import register_value_labels
    from classrooms.models import GuardianInformation, Removal

    register_value_labels(
        {
            "how": dict(GuardianInformation.Channel.choices),
            "covers": {
                "purpose": _("what it is for"),
                "access": _("who has access"),
                "categories": _("which data"),
            },
            "reason": {
                "no_right": _("who confirmed it may no longer"),
                "plan_changed": _("something changed meanwhile"),
                "licences": _("licences were lacking"),
                **dict(Removal.Reason.choices),
            },
            "who": dict(Removal.Kind.choices),
        }
    )


def _acts() -> None:
    from audit.registry import register_action_labels

    register_action_labels(
        {
            "student.created": _("Pupil added"),
            "student.changed": _("Pupil corrected"),
            "student.left": _("Pupil has left"),
            "student.back": _("Pupil is back"),
            "student.account_opened": _("Pupil’s account opened"),
            "student.card_printed": _("Sign-in card printed"),
            "import.prepared": _("Import read"),
            "import.chosen": _("Line of an import settled"),
            "import.brought_back": _("Import: removed before, brought back"),
            "import.left_out": _("Import: removed before, left out"),
            "import.confirmed": _("Import confirmed"),
            "import.applied": _("Import applied"),
            "import.stopped": _("Import stopped"),
            "import.given_up": _("Import given up"),
            "class.created": _("Class created"),
            "class.changed": _("Class changed"),
            "class.handed_over": _("Class handed over"),
            "group.handed_over": _("Group handed over"),
            "group.created": _("Group created"),
            "group.changed": _("Group changed"),
            "group.deleted": _("Group deleted"),
            "guardian.added": _("Guardian added"),
            "guardian.removed": _("Guardian removed"),
            "guardian.joined": _("Guardian joined"),
            "guardians.informed": _("Guardians informed"),
            "observation.started": _("Observation started"),
            "observation.changed": _("Observation changed"),
            "observation.kept": _("Observation kept in the record"),
            "observation.shared": _("Observation shared"),
            "observation.changes_saved": _("Shared observation: changes saved as a draft"),
            "observation.changes_shared": _("Shared observation: changes shared"),
            "observation.changes_dropped": _("Shared observation: changes dropped"),
            "observation.unshared": _("Observation taken back"),
            "observation.deleted": _("Observation deleted"),
            "observation.thanked": _("Family said thank you"),
            "observation.answered": _("Family answered"),
            "photo.added": _("Photo added"),
            "photo.removed": _("Photo to go with the changes"),
            "photo.put_back": _("Photo stays"),
            "photo.deleted": _("Photo deleted"),
        }
    )
