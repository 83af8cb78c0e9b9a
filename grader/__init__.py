"""Grades what a language model wrote as Infrastructure as Code against what it should have written."""

__version__ = "0.1.0"
