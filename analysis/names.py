"""What rows of `results` call models and groups.

Apart from what computes them: a process that draws needs the names, and would load the numerical
libraries with them.
"""

UNIVARIABLE = "univariable"
MULTIVARIABLE = "multivariable"
# The test of all factors of a model together.
GLOBAL = "GLOBAL"
# The grouping without groups, and its only level.
OVERALL = "overall"
ALL_PATIENTS = "all"
