"""Rewrites of terms, by topic."""
