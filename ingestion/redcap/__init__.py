"""REDCap projects: the export of a whole project → the rows of one instrument.

An export has one table for all forms. Its rows tell by ``redcap_repeat_instrument`` and
``redcap_event_name`` whose they are, its choices are codes, its checkboxes one column per box;
the data dictionary says what belongs where and what the codes mean.
"""

from __future__ import annotations

from ingestion.redcap.api import download_project
from ingestion.redcap.dictionary import DataDictionary, read_dictionary
from ingestion.redcap.instrument import InstrumentRows, take_instrument

__all__ = [
    "DataDictionary",
    "InstrumentRows",
    "download_project",
    "read_dictionary",
    "take_instrument",
]
