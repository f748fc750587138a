"""The frame every page sits in: Jinja2 with autoescape, and addresses relative to the page asked for.

Relative addresses let the dashboard stand behind a proxy under any path, without a setting.
"""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from dicom_node.dashboard import wording
from dicom_node.dashboard.headers import SECURITY_HEADERS


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from ``templates/``; ``root`` in it leads from this page to the home page."""
    text = _environment.get_template(template).render(root=_root(request), **values)
    return HTMLResponse(text, status_code=status, headers=SECURITY_HEADERS)


def _root(request: Request) -> str:
    return "../" * (request.scope["path"].count("/") - 1) or "./"


def _make_environment() -> Environment:
    made = Environment(
        loader=PackageLoader("dicom_node.dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        age=wording.age,
        duration=wording.duration,
        clock_time=wording.clock_time,
        machine_time=wording.machine_time,
        zone_name=wording.zone_name,
        short_uid=wording.short_uid,
        with_commands=wording.with_commands,
        note=wording.note,
        size=wording.size,
    )
    made.globals.update(counted=wording.counted)
    return made


_environment = _make_environment()
