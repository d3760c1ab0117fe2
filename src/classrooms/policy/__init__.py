"""Rules of the classroom: pure, told the day, never reading a clock or a database."""
