"""Turn restorative justice agreement records into safe, proven copies for every participant."""

__version__ = "0.1.0"
