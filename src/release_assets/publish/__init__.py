"""Performs a plan: the release, its drafts, uploads, and the repair of interrupted runs."""
