"""Whether a finished copy may be published: its words, places, profile, and no leak."""
