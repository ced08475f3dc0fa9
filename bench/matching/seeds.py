"""Which seeds are for fitting and which for measuring. A set of a measuring seed is never looked at while rules or
weights are made: what is measured on it is then true of sets that nobody has seen."""

FITTING = range(1, 10)
MEASURING = range(101, 121)
