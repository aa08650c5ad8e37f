"""Statements to lines of Python, part by part of an output."""
