"""Puts files on a GitHub release and never loses one.

    workflow -- action --+                                                +-- action -- runner
                         +-> inputs -> files -> plan -> upload -> report -+
    terminal -- cli -----+             names            github            +-- cli ---- terminal
                                       `- publish conducts --'

A pattern is a string in inputs, a LocalFile after files, half of a step after plan, bytes on the
wire in upload, an Asset when GitHub answers, a line in report: it visits each station once.
"""

__version__ = "0.1.0"
