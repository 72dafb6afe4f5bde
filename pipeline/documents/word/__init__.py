"""Word files: their parts, fonts, characters and clean packages."""
