"""What pages and documents show, in a bounded number of statements."""
