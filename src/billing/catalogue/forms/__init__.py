"""What is typed on pages, checked."""
