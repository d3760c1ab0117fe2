"""Reminders, notices, letters, interest and its claims, more time, disputes, suspension."""
