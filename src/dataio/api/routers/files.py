"""Files behind signed links: the link is the key."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import FileResponse
from starlette.responses import Response

from dataio.api.problems import Problem, documented
from dataio.api.routing import PREFIX, StrictRoute
from dataio.api.services import services
from dataio.catalogue import datasets

router = APIRouter(
    prefix=f"{PREFIX}/files", tags=["files"], route_class=StrictRoute, responses=documented(400, 422, 502, 503)
)


@router.get(
    "/{token}/{name}",
    response_class=Response,
    responses={
        200: {"description": "The file", "content": {"application/octet-stream": {}}},
        206: {"description": "A part of the file"},
        403: documented(403)[403] | {"description": "The link has run out, or was never given"},
    },
)
async def get_file(
    request: Request,
    token: Annotated[str, Path(max_length=2000, pattern=r"^[A-Za-z0-9_.-]+$")],
    name: Annotated[str, Path(max_length=200, pattern=r"^[A-Za-z0-9._-]+$")],
) -> Response:
    """A file, by the link that a download gave. Ranges are understood; `ETag` is the SHA-256 of a table's file."""
    own = services(request)
    meant = own.links.read(token)
    if meant is None:
        raise Problem(403, "this link has run out, or was never given", hint="Ask for the download again.")
    if isinstance(meant, str):
        file = own.links.local_dump(meant)
    else:
        table_id, sha256 = meant
        row = await own.database.row(datasets.file_by_id(), {"table_id": table_id})
        if row is None or row["sha256"] != sha256:
            raise Problem(403, "the file behind this link has changed or gone", hint="Ask for the download again.")
        file = own.links.local_table(row)
    headers = {"Cache-Control": "private, no-store"}
    if file.sha256:
        headers["ETag"] = f'"{file.sha256}"'
    return FileResponse(file.path, media_type=file.media_type, filename=file.name, headers=headers)
