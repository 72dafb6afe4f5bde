"""Whoever makes templates: what is wrong with one and where, what may be written in it, how its pages look."""
