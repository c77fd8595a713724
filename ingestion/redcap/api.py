"""A REDCap project asked through its API, by PyCap: records and data dictionary, as files."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingestion.errors import DeliveryError, DeliveryNotReadyError, IngestionError
from ingestion.settings import RedcapSettings

if TYPE_CHECKING:
    from requests import Response

# Seconds until a connection stands, and between two pieces of an answer: REDCap composes a large
# export before it sends the first byte.
_TIMEOUT_SECONDS = (10, 600)


def download_project(settings: RedcapSettings, folder: Path) -> tuple[Path, Path]:
    """Write the records and the data dictionary of a project into ``folder``; their paths.

    Both are asked for before one is written. The token comes from the environment and is in no
    file and no message. Raises IngestionError when it is not set and DeliveryError when the API
    does not answer with CSV.
    """
    assert settings.url is not None
    assert settings.token_env is not None
    token = os.environ.get(settings.token_env, "").strip()
    # PyCap's own check of the length would show the token.
    if not re.fullmatch(r"[0-9A-Za-z]{32}", token):
        raise IngestionError(
            f"the environment variable {settings.token_env} does not hold the API token of "
            f"{settings.url}: 32 letters and digits, as REDCap shows it"
        )
    answers = _ask(settings.url, token)
    paths = folder / "redcap_records.csv", folder / "redcap_dictionary.csv"
    for path, answer in zip(paths, answers, strict=True):
        path.write_text(answer, encoding="utf-8", newline="")
    return paths


def _ask(url: str, token: str) -> tuple[str, str]:
    # Slow to import, and only needed here.
    from redcap import Project, RedcapError
    from requests import ConnectionError as NoConnection
    from requests.exceptions import ChunkedEncodingError, SSLError, Timeout

    def look_at(response: Response, *_: Any, **__: Any) -> None:
        _check(response, url)

    # Redirected, the form would carry the token to whatever address the answer names.
    project = Project(
        url, token, timeout=_TIMEOUT_SECONDS, allow_redirects=False, hooks={"response": look_at}
    )
    try:
        dictionary = project.export_metadata(format_type="csv")
        # Left to itself the library names every field: more than many servers take in one form,
        # and what is beyond their limit they drop without a word.
        records = project.export_records(
            format_type="csv",
            fields=[project.def_field],
            forms=sorted(project.forms),
            event_name="unique",
            export_data_access_groups=True,
        )
    # What the library and the server say is not repeated: it may hold the form that was sent.
    except Timeout:
        raise DeliveryNotReadyError(
            f"{url}: no answer within {_TIMEOUT_SECONDS[1]} seconds; is the server up?"
        ) from None
    except SSLError:
        raise DeliveryError(
            f"{url}: the certificate of the server cannot be verified; where the hospital signs "
            "its own, REQUESTS_CA_BUNDLE has to name its certificates"
        ) from None
    except ChunkedEncodingError:
        raise DeliveryNotReadyError(
            f"{url}: the answer broke off; nothing of it is taken"
        ) from None
    except NoConnection:
        raise DeliveryNotReadyError(
            f"{url}: no connection to the server; check `redcap.url` and the network"
        ) from None
    except RedcapError:
        raise DeliveryError(
            f"{url}: REDCap answered with an error; its log of API requests says which"
        ) from None
    return records, dictionary


def _check(response: Response, url: str) -> None:
    """Raise DeliveryError unless an answer is text that may be CSV (or PyCap's own JSON)."""
    status = response.status_code
    if status in (401, 403):
        raise DeliveryError(
            f"{url}: REDCap refused the token ({status}); it has to be valid and to have the "
            "right of API export"
        )
    if status != 200:
        raise DeliveryError(f"{url}: REDCap answered with status {status}, 200 is due")
    try:
        text = response.content.decode("utf-8-sig").lstrip()
    except UnicodeError:
        raise DeliveryError(f"{url}: the answer is no UTF-8 text, CSV is due") from None
    if not text:
        raise DeliveryError(f"{url}: the answer is empty; the project has to hold records")
    if text.startswith("<"):
        raise DeliveryError(
            f"{url}: the answer is a page and no CSV; `redcap.url` has to be the address of the API"
        )
    # Where the server names no encoding, the library would take the text for Latin-1.
    response.encoding = "utf-8-sig"
