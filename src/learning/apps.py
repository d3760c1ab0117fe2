"""Learning: what pupils do, and how far they come."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearningConfig(AppConfig):
    """Activities, results, progress."""

    name = "learning"

    def ready(self) -> None:
        """Tell the classroom how pupils progress, and say which data is personal and what pages there are."""
        from audit.registry import register_action_labels
        from classrooms.registry import progress_source, section
        from learning import personal_data  # noqa: F401
        from learning.queries import class_results, student_results, weekly_scores
        from people.registry import place

        progress_source(weekly_scores)
        right = "results.read"
        section(
            "student",
            right=right,
            template="learning/student_section.html",
            context=student_results,
            order=20,
        )
        section("class", right=right, template="learning/class_section.html", context=class_results, order=20)
        place(
            area="tenant",
            label=_("Results"),
            url="learning:results",
            right=right,
            icon="chart-column",
            order=25,
        )
        register_action_labels({"result.entered": _("Result entered"), "result.deleted": _("Result deleted")})
