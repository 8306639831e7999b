"""Every format of the output: what it says, whether it is what its readers expect."""
