"""The pages of the console: each a plain function of a Visit that returns a response."""
