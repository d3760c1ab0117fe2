"""Terms, renewal, trial, change of plan, termination, force majeure, forecast."""
