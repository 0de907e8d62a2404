"""The files of the checkout that are derived from its code, one module each."""
