"""Hold a value against a shipped schema, and say in plain words what is wrong."""
