"""Puts files on a GitHub release and never loses one."""
