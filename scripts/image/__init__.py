"""Lays out the files of the image during its build: what Python needs from the base, and the program."""
