"""Compares this program with alternatives, on one machine in one run."""
