"""What can be done with results."""
