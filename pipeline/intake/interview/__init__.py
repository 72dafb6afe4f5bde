"""A record from a conversation: one question at a time, each answer checked at once and kept at once."""
