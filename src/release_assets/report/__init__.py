"""Events of a run -> its outcome -> log lines, outputs, annotations, job summary."""
