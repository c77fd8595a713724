"""The same job as a user would do it without this project: one script in Python, one in R."""
