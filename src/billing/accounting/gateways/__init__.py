"""The doors to the world: here the operator's file of accounts."""
