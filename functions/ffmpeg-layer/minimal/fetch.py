"""fetch.py SOURCES FOLDER NAME...: unpacks the sources NAME of the list SOURCES into FOLDER/NAME.

An archive is taken from the folder that FFMPEG_SOURCES names, or is downloaded. Either way it has one
of the sha256 sums that the list has for NAME, or this ends with an error.
"""

import hashlib
import io
import os
import pathlib
import sys
import tarfile
import urllib.request


def main(listed, folder, *names):
    accepted = {}
    for line in pathlib.Path(listed).read_text().splitlines():
        if line and not line.startswith("#"):
            name, sha256, *addresses = line.split()
            accepted.setdefault(name, {})[sha256] = addresses
    own = os.environ.get("FFMPEG_SOURCES")
    for name in names:
        archive = in_folder(own, name, accepted[name]) if own else download(name, accepted[name])
        unpack(archive, pathlib.Path(folder, name))


def in_folder(folder, name, accepted):
    files = [path for path in sorted(pathlib.Path(folder).iterdir()) if path.is_file()]
    for path in files:
        archive = path.read_bytes()
        if hashlib.sha256(archive).hexdigest() in accepted:
            return archive
    sys.exit(f"{folder} has no file with the sha256 of {name}: {' or '.join(accepted)}")


def download(name, accepted):
    """From the first address that answers. One with other bytes than expected ends it: that is no
    site out of order."""
    failures = []
    for sha256, addresses in accepted.items():
        for address in addresses:
            try:
                with urllib.request.urlopen(address, timeout=60) as answer:
                    archive = answer.read()
            except OSError as error:
                failures.append(f"{address}: {error}")
                continue
            found = hashlib.sha256(archive).hexdigest()
            if found != sha256:
                sys.exit(f"{address} has the sha256 {found}; expected {sha256}")
            return archive
    failures.append(f"FFMPEG_SOURCES may name a folder that has {name}.")
    sys.exit("\n".join(failures))


def unpack(archive, folder):
    """Without the folder that every archive has around its files."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        members = []
        for member in files.getmembers():
            _, _, member.name = member.name.partition("/")
            if member.islnk():
                _, _, member.linkname = member.linkname.partition("/")
            if member.name:
                members.append(member)
        # No file outside the folder; Pythons that cannot say so have no such filter.
        files.extraction_filter = getattr(tarfile, "data_filter", None)
        files.extractall(folder, members=members)


main(*sys.argv[1:])
