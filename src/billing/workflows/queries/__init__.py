"""What workflows ask across subjects."""
