"""Viewer and PACS under one address of the loopback, as a hospital's reverse proxy would serve them."""

import json
import threading
import urllib.error
import urllib.request
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.neighbours.ports import free_port

DICOM_WEB = "/dicom-web"
PASSED_ON = ("Accept", "Host", "Range")


class Site:
    """Serves the folder of a built OHIF, untouched but for its configuration; DICOMweb goes on to ``dicom_web_url``."""

    def __init__(self, distribution: Path, dicom_web_url: str) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        port = int(self.url.rpartition(":")[2])
        handler = partial(_Handler, configuration(self.url), dicom_web_url, directory=str(distribution))
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()


def configuration(url: str) -> bytes:
    """``app-config.js``: OHIF's own defaults, and where the PACS is. Nothing is switched on that helps a result."""
    roots = dict.fromkeys(("qidoRoot", "wadoRoot", "wadoUriRoot"), url + DICOM_WEB)
    source = {
        "namespace": "@ohif/extension-default.dataSourcesModule.dicomweb",
        "sourceName": "orthanc",
        "configuration": {
            "friendlyName": "Orthanc",
            "name": "orthanc",
            **roots,
            "qidoSupportsIncludeField": False,
            "imageRendering": "wadors",
            "thumbnailRendering": "wadors",
            "enableStudyLazyLoad": True,
            "supportsFuzzyMatching": False,
            "supportsWildcard": True,
            "singlepart": "bulkdata,video",
            "bulkDataURI": {"enabled": True, "relativeResolution": "studies"},
            "omitQuotationForMultipartRequest": True,
        },
    }
    config = {
        "routerBasename": None,
        "extensions": [],
        "modes": [],
        "customizationService": {},
        "showStudyList": True,
        "maxNumberOfWebWorkers": 2,
        "showErrorDetails": "always",
        "defaultDataSourceName": "orthanc",
        "dataSources": [source],
    }
    return f"window.config = {json.dumps(config, indent=2)};".encode()


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, config: bytes, dicom_web_url: str, *args: object, **given: object) -> None:
        self._config, self._dicom_web_url = config, dicom_web_url
        super().__init__(*args, **given)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        if self.path.startswith(DICOM_WEB):
            self._pass_on()
        elif self.path.split("?")[0] == "/app-config.js":
            self._answer(HTTPStatus.OK, "text/javascript", self._config)
        else:
            self._serve_viewer()

    def _serve_viewer(self) -> None:
        """Its files; any other address is the viewer's own, and it finds out itself what to show."""
        if not Path(self.translate_path(self.path)).is_file():
            self.path = "/index.html"
        super().do_GET()

    def _pass_on(self) -> None:
        headers = {name: self.headers[name] for name in PASSED_ON if name in self.headers}
        request = urllib.request.Request(self._dicom_web_url + self.path[len(DICOM_WEB) :], headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                self._answer(answer.status, answer.headers["Content-Type"], answer.read())
        except urllib.error.HTTPError as refused:
            self._answer(refused.code, "text/plain", refused.read())

    def _answer(self, status: int, content_type: str | None, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type or "application/octet-stream")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *said: object) -> None:
        """Silent: addresses hold identifiers."""
