"""What a call does once."""
