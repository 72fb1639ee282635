#!/bin/sh
# Makes seeds/ anew with an ffmpeg that has these encoders: the smallest clips of each codec and way
# to store them that an index, an outline or the feed goes different ways for.
set -eu
cd "$(dirname "$0")"
mkdir -p seeds/mp4 seeds/matroska seeds/ts
picture="-f lavfi -i testsrc=s=32x32:r=10:d=1.5"
sound="-f lavfi -i sine=d=1.5:r=8000 -c:a libopus -b:a 6k"
for codec in libx264 libx265 mpeg4; do
    ffmpeg -v error -nostdin -y $picture -x265-params log-level=none -c:v $codec -g 5 -b:v 20k \
        -bitexact seeds/mp4/$codec.mp4
    ffmpeg -v error -nostdin -y -i seeds/mp4/$codec.mp4 -c copy -bitexact \
        -movflags frag_keyframe+empty_moov seeds/mp4/$codec.fragments.mp4
done
for codec in libx264 libvpx mpeg4; do
    ffmpeg -v error -nostdin -y $picture $sound -c:v $codec -g 5 -b:v 20k -cluster_time_limit 300 \
        -bitexact seeds/matroska/$codec.mkv
done
for codec in libx264 libx265 mpeg2video; do
    ffmpeg -v error -nostdin -y $picture -x265-params log-level=none -r 25 -c:v $codec -g 5 -b:v 20k \
        -bitexact seeds/ts/$codec.ts
done
ffmpeg -v error -nostdin -y -i seeds/ts/libx264.ts -f lavfi -i sine=d=1.5:r=16000 -shortest \
    -c:v copy -c:a mp2 -b:a 8k -mpegts_m2ts_mode 1 -bitexact seeds/ts/sound.m2ts
