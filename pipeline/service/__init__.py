"""Who we are and how we word things: `agreements.toml`, and the first files of a new service."""
