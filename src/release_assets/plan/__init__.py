"""Desired state x actual state -> what to do, for the release and for its assets. Pure."""
