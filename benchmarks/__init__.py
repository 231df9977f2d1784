"""How fast the three hot paths are, each as a ratio to a limit measured in the same run.

A machine is never the same twice, so a figure alone says little. Here every variant and its limit
take turns, round by round, on the same processors and the same disk; the ratio is what counts.
"""
