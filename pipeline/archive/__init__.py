"""Signed agreements, kept for years: the exact bytes, an index of them, and when they may go."""
