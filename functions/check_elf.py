"""check_elf.py ARCHITECTURE GLIBC FILE...: whether programs start where provided.al2023 runs them.

Each FILE is an ELF program for ARCHITECTURE that needs no symbol of a newer glibc than GLIBC and no
shared library that is not there. A static program needs neither. Otherwise it would be built and
deployed without an error, and not start.
"""

import pathlib
import re
import struct
import sys

MACHINES = {62: "x86_64", 183: "aarch64"}
# Those of glibc, its loader, and libgcc_s of GCC 11, which Amazon Linux 2023 has.
LIBRARIES = re.compile(r"(lib(c|m|mvec|dl|rt|pthread)\.so\.\d|libgcc_s\.so\.1|ld-linux-.+\.so\.\d)")
GCC = (11, 0)

PT_LOAD, PT_DYNAMIC = 1, 2
DT_NEEDED, DT_STRTAB, DT_VERNEED, DT_VERNEEDNUM = 1, 5, 0x6FFFFFFE, 0x6FFFFFFF


def main(architecture, glibc, *files):
    for file in files:
        try:
            wrong = problems(pathlib.Path(file).read_bytes(), architecture, glibc)
        except (struct.error, ValueError, StopIteration) as error:
            wrong = [f"is no ELF program that can be read: {error}"]
        if wrong:
            sys.exit(f"{file} does not start on provided.al2023: " + "; ".join(wrong))


def problems(elf, architecture, glibc):
    if elf[:6] != b"\x7fELF\x02\x01":
        raise ValueError("not 64 bits, little-endian")
    machine = MACHINES.get(number(elf, 18, "H"))
    if machine != architecture:
        return [f"it is for {machine}, not for {architecture}"]
    needed, versions = needs(elf)
    wrong = [f"{name} is not there" for name in needed if not LIBRARIES.fullmatch(name)]
    newest = {"GLIBC": as_numbers(glibc), "GCC": GCC}
    # Every glibc has what it keeps to itself, under the same name.
    for version in sorted(versions - {"GLIBC_PRIVATE"}):
        family, _, release = version.partition("_")
        # Such as `GLIBC_ABI_DT_RELR`, of 2.36.
        if family not in newest or not release[:1].isdigit():
            wrong.append(f"{version} is not there")
        elif as_numbers(release) > newest[family]:
            wrong.append(f"it needs {version}; there is {family} {'.'.join(map(str, newest[family]))}")
    return wrong


def needs(elf):
    """What the loader would look for: libraries, and versions of symbols (LSB 5.0, 10.7.5)."""
    size, count = number(elf, 54, "H"), number(elf, 56, "H")
    headers = [struct.unpack_from("<IIQQQQ", elf, number(elf, 32, "Q") + nth * size) for nth in range(count)]
    dynamic = next((header for header in headers if header[0] == PT_DYNAMIC), None)
    if dynamic is None:
        return [], set()

    def offset(address):
        return next(
            place + address - start
            for kind, _, place, start, _, length in headers
            if kind == PT_LOAD and start <= address < start + length
        )

    entries = [struct.unpack_from("<QQ", elf, at) for at in range(dynamic[2], dynamic[2] + dynamic[5], 16)]
    only = dict(entries)
    if DT_STRTAB not in only:
        return [], set()
    texts = offset(only[DT_STRTAB])

    def text(at):
        return elf[texts + at : elf.index(b"\0", texts + at)].decode()

    versions = set()
    at = offset(only[DT_VERNEED]) if DT_VERNEED in only else 0
    for _ in range(only.get(DT_VERNEEDNUM, 0)):
        _, names, _, first, following = struct.unpack_from("<HHIII", elf, at)
        name = at + first
        for _ in range(names):
            _, _, _, place, next_name = struct.unpack_from("<IHHII", elf, name)
            versions.add(text(place))
            name += next_name
        at += following
    return [text(value) for tag, value in entries if tag == DT_NEEDED], versions


def as_numbers(release):
    return tuple(map(int, release.split(".")))


def number(elf, at, kind):
    return struct.unpack_from("<" + kind, elf, at)[0]


main(*sys.argv[1:])
