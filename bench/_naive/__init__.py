"""The naive twin: the same rows and the same templates, written as one would with django-tenants alone."""
