"""The errors of running it. Each is one sentence for the person who typed the command, and says what to do."""


class CannotRun(Exception):
    """The house cannot be brought up, or not kept up. The message is for the person, not for a programmer."""


class WrongX(CannotRun):
    """What is saved for the account belongs to another X than its file names."""


class StopRequested(Exception):
    """Somebody asked for an end (Ctrl-C, SIGTERM) while something was being waited for."""
