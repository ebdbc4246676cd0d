"""Performs a plan: the release, its drafts, uploads, and what an interrupted run left."""
