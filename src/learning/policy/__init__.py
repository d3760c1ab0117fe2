"""Rules of learning: pure."""
