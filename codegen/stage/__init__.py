"""Reverse program to statements."""
