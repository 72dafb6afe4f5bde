"""How a language words things: its catalogue of phrases, and its days, amounts and lists."""
