"""GitHub's REST API: releases and their assets, nothing else."""
