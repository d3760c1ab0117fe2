"""Learning: what pupils do, and how far they come."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """Activities, results, progress."""

    name = "learning"

    def ready(self) -> None:
        """Tell the classroom how pupils progress, and say which data is personal."""
        from classrooms.registry import progress_source, section
        from learning import personal_data  # noqa: F401
        from learning.queries import class_results, student_results, weekly_scores

        progress_source(weekly_scores)
        section("student", right="results.read", template="learning/student_section.html", context=student_results, order=20)
        section("class", right="results.read", template="learning/class_section.html", context=class_results, order=20)
