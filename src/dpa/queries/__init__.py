"""What is held, what would go, what is promised."""
