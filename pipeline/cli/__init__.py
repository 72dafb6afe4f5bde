"""The command `agreements`: options in, one call, report out, exit code."""
