"""The inputs of a run: strings from a workflow or a command line -> Inputs, or errors. Pure."""
