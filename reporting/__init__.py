"""The look that the reports share: figures, styles and the environment of their templates."""
