"""The pinned packages of the catalogue, and how they are fetched: a wheel a source, through pip's own client."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path

from grader.catalog import Source


@dataclass(frozen=True, slots=True)
class Pin:
    """One package of a space. Packages of one space are versions of one API, oldest first; `released` is its date on the registry."""

    space: str
    package: str
    version: str
    released: str
    licence: str


PINS = (
    Pin("cdk", "aws-cdk-lib", "2.275.0", "", "Apache-2.0"),
    Pin("constructs", "constructs", "10.8.1", "", "Apache-2.0"),
    Pin("cdktf", "cdktf", "0.21.0", "", "MPL-2.0"),
    Pin("cfn", "cfn-lint", "1.58.0", "", "MIT-0"),
    Pin("pulumi", "pulumi-aws", "6.83.4", "", "Apache-2.0"),
    Pin("pulumi", "pulumi-aws", "7.51.1", "", "Apache-2.0"),
    Pin("tf:aws", "cdktf-cdktf-provider-aws", "19.65.1", "", "MPL-2.0"),
    Pin("tf:aws", "cdktf-cdktf-provider-aws", "21.22.1", "", "MPL-2.0"),
    Pin("tf:aws", "cdktn-provider-aws", "25.8.1", "", "MPL-2.0"),
    Pin("tf:archive", "cdktf-cdktf-provider-archive", "11.0.1", "", "MPL-2.0"),
    Pin("tf:azurerm", "cdktf-cdktf-provider-azurerm", "14.23.1", "", "MPL-2.0"),
    Pin("tf:external", "cdktf-cdktf-provider-external", "11.0.1", "", "MPL-2.0"),
    Pin("tf:google", "cdktf-cdktf-provider-google", "16.12.1", "", "MPL-2.0"),
    Pin("tf:helm", "cdktf-cdktf-provider-helm", "12.1.2", "", "MPL-2.0"),
    Pin("tf:http", "cdktf-cdktf-provider-http", "10.0.1", "", "MPL-2.0"),
    Pin("tf:kubernetes", "cdktf-cdktf-provider-kubernetes", "12.1.1", "", "MPL-2.0"),
    Pin("tf:local", "cdktf-cdktf-provider-local", "11.1.1", "", "MPL-2.0"),
    Pin("tf:null", "cdktf-cdktf-provider-null", "11.0.1", "", "MPL-2.0"),
    Pin("tf:random", "cdktf-cdktf-provider-random", "12.0.1", "", "MPL-2.0"),
    Pin("tf:time", "cdktf-cdktf-provider-time", "11.0.1", "", "MPL-2.0"),
    Pin("tf:tls", "cdktf-cdktf-provider-tls", "11.0.1", "", "MPL-2.0"),
)


def fetched(pin: Pin, folder: Path) -> Path:
    """The wheel of a pin, downloaded into `folder` unless it is there.

    Raises:
        FileNotFoundError: the registry does not serve it.
    """
    stem = f"{pin.package.replace('-', '_')}-{pin.version}-"
    held = sorted(folder.glob(f"{stem}*.whl"))
    if not held:
        folder.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--only-binary=:all:",
            "--dest",
            str(folder),
            f"{pin.package}=={pin.version}",
        ]
        subprocess.run(command, check=False)  # noqa: S603 - pip's own client, with names from the table above
        held = sorted(folder.glob(f"{stem}*.whl"))
    if not held:
        message = f"{pin.package}=={pin.version}: not served by the package index; put its wheel into {folder}"
        raise FileNotFoundError(message)
    return held[0]


def source(pin: Pin, wheel: Path) -> Source:
    """What the catalogue's file says of a package: the date is that of the wheel's newest entry where the pin gives none."""
    with zipfile.ZipFile(wheel) as archive:
        dates = max(one.date_time for one in archive.infolist())
        metadata = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        said = HeaderParser().parsestr(archive.read(metadata).decode())
    released = pin.released or (f"{dates[0]:04}-{dates[1]:02}-{dates[2]:02}" if dates[0] > 1980 else "")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return Source(pin.space, pin.package, said["Version"], "PyPI", pin.licence, released, digest)
