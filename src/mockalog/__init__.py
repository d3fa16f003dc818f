"""mockalog: a local stand-in for the AI Squared, Braze and Attraqt catalog APIs."""

__version__ = "0.1.0"
