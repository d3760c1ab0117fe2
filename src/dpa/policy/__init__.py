"""Rules of erasure and retention: told the time, never reading a clock or a database."""
