"""check_size.py FOLDER MB: whether FOLDER, zipped as `sam` does it, has at most so many MB."""

import pathlib
import sys
import tempfile
import zipfile

folder, most = pathlib.Path(sys.argv[1]), int(sys.argv[2])
with tempfile.TemporaryFile() as file:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.write(path, path.relative_to(folder))
    size = file.tell() / 1e6
print(f"the layer has {size:.1f} MB zipped")
if size > most:
    sys.exit(f"{folder} has {size:.1f} MB zipped; at most {most} MB are expected")
