"""Word templates: finding, judging and filling them."""
