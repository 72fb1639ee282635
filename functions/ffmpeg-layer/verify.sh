#!/bin/sh
# verify.sh ARCHITECTURE: builds the layer of decoders alone twice, each time in a folder of another
# name, and ends with an error where a file differs. It takes as long as two builds.
set -eu
architecture=$1
cd "$(dirname "$0")"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
sums() { (cd "$1" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum); }
for name in one another-name; do
    mkdir -p "$scratch/$name/work"
    TMPDIR=$scratch/$name/work FFMPEG_LAYER=minimal ./build.sh "$architecture" "$scratch/$name/layer"
    sums "$scratch/$name/layer" >"$scratch/$name.sums"
done
diff "$scratch/one.sums" "$scratch/another-name.sums"
cat "$scratch/one.sums"
