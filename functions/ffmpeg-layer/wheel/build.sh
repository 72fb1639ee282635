#!/bin/sh
# build.sh ARCHITECTURE FOLDER: unpacks the ffmpeg of a pinned wheel into FOLDER. Needs python3 with pip.
set -eu
architecture=$1
layer=$2
here=$PWD/wheel

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# -I and an empty folder: Python takes modules from the current folder and from PYTHONPATH otherwise.
mkdir "$scratch/empty"
(cd "$scratch/empty" && python3 -I -m pip download --quiet --disable-pip-version-check --no-deps \
    --only-binary=:all: --require-hashes --platform "manylinux_2_28_$architecture" \
    --dest "$scratch" --requirement "$here/$architecture.txt")
python3 -I -m zipfile -e "$scratch"/*.whl "$scratch/wheel"

mkdir -p "$layer/bin" "$layer/licenses/ffmpeg"
mv "$scratch"/wheel/imageio_ffmpeg/binaries/ffmpeg-linux-* "$layer/bin/ffmpeg"
chmod 755 "$layer/bin/ffmpeg"
cp "$here/COPYING.GPLv3" "$here/SOURCE.md" "$layer/licenses/ffmpeg/"
