"""Ask for an export, build it step by step, let it go."""
