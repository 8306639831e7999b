"""The text of a configuration file in, the settings for one report out, each with its source."""
