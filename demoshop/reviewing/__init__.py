"""The review app: another maker's little program, which knows of Stamkunde an address and a key."""
