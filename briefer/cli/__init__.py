"""The command line: parse, load configuration, call the API, show, exit."""
