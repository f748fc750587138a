"""A certificate authority of the tests' own, by openssl: certificates that are good, late, or not for servers."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.neighbours.programs import program

CA_CONFIG = """
[ca]
default_ca = here
[here]
database = {folder}/index.txt
new_certs_dir = {folder}
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
[any]
commonName = supplied
"""


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A certificate and its key, as files in PEM form."""

    certificate: Path
    key: Path


class Authority:
    """Issues certificates into ``folder``; its own is ``certificate``."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self.certificate = folder / "authority.pem"
        self._key = folder / "authority.key"
        (folder / "index.txt").touch()
        (folder / "ca.cnf").write_text(CA_CONFIG.format(folder=folder))
        self._openssl(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-subj", "/CN=Authority of the tests", "-days", "3650"),
            *("-keyout", self._key, "-out", self.certificate),
        )

    def issue(
        self,
        name: str,
        *,
        days: int = 365,
        usage: str = "serverAuth,clientAuth",
        newkey: tuple[str, ...] = ("rsa:2048",),
    ) -> Issued:
        """A certificate good for ``days`` from now; ``usage`` is its extended key usage."""
        request, issued = self._request(name, newkey)
        self._openssl(
            *("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._key),
            *("-days", str(days), "-extfile", self._extensions(name, usage), "-out", issued.certificate),
        )
        return issued

    def issue_for_the_year(self, name: str, year: int) -> Issued:
        """One that was, or will be, good in that year alone."""
        request, issued = self._request(name, ("rsa:2048",))
        self._openssl(
            *("ca", "-batch", "-config", self._folder / "ca.cnf", "-in", request, "-notext"),
            *("-cert", self.certificate, "-keyfile", self._key),
            *("-startdate", f"{year}0101000000Z", "-enddate", f"{year}1231235959Z"),
            *("-extfile", self._extensions(name, "serverAuth,clientAuth"), "-out", issued.certificate),
        )
        return issued

    def encrypted(self, key: Path) -> Path:
        """The same key under a password."""
        path = key.with_suffix(".encrypted")
        self._openssl("pkey", "-in", key, "-aes256", "-passout", "pass:secret", "-out", path)
        return path

    def _request(self, name: str, newkey: tuple[str, ...]) -> tuple[Path, Issued]:
        issued = Issued(certificate=self._folder / f"{name}.pem", key=self._folder / f"{name}.key")
        request = self._folder / f"{name}.csr"
        self._openssl(
            *("req", "-newkey", *newkey, "-nodes", "-subj", f"/CN={name}"),
            *("-keyout", issued.key, "-out", request),
        )
        return request, issued

    def _extensions(self, name: str, usage: str) -> Path:
        path = self._folder / f"{name}.ext"
        path.write_text(f"extendedKeyUsage={usage}\nsubjectAltName=DNS:localhost\n")
        return path

    def _openssl(self, *words: str | Path) -> None:
        command = [program("openssl"), *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stderr}"
