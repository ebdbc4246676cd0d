"""Ours beside what else a user could take, on one machine in one run."""
