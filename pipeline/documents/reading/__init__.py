"""What stands in a finished file, read back in every place it has."""
