"""What the pages of the classroom show, each in a bounded number of statements."""
