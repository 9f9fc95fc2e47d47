"""Second factors: passkeys, codes of a telephone, printed cards; trusted browsers, step-up, lost passwords."""
