"""What a user can get wrong with extracts, said in one sentence."""


class IngestionError(Exception):
    """An extract or its settings cannot be taken as they are.

    The text names the file, the place in it, what was found and what would be right. It never
    holds a value of a patient.
    """


class DeliveryError(IngestionError):
    """The settings are in order, but the delivered file is not."""


class DeliveryNotReadyError(DeliveryError):
    """The delivery cannot be had now and may be in a while: its server does not answer, or its file
    is still being written."""


class ArchiveError(DeliveryError):
    """What the archive holds, or its journal, is gone or damaged."""


class DeliveryHeldError(DeliveryError):
    """The delivery can be read, but looks wrong beside the last one."""
