#!/bin/sh
# Makes seeds/ anew with an ffmpeg that has these encoders: the smallest clips of each codec and way
# to store them that an index, an outline or the feed goes different ways for. What is called openh264
# is of that library itself, which ffmpeg asks for no temporal layers: three with prefix NAL units
# (`bPrefixNalAddingCtrl`), and four without.
set -eu
cd "$(dirname "$0")"
mkdir -p seeds/mp4 seeds/matroska seeds/references seeds/ts seeds/ps seeds/ogg seeds/asf seeds/mxf
# Of references: a codec, the box that configures it, and the samples.
cut_samples() {
    python3 - "$@" <<'END'
import struct, sys

source, target, codec, name = sys.argv[1:]
file = open(source, 'rb').read()


def box(name):
    at = file.index(name) - 4
    return file[at : at + struct.unpack('>I', file[at : at + 4])[0]]


sizes = box(b'stsz')
sizes = struct.unpack('>%dI' % ((len(sizes) - 20) // 4), sizes[20:])
at = file.index(b'mdat') + 4
out = bytes([int(codec)])
for nth, part in enumerate([box(name.encode()), *sizes]):
    if nth > 0:
        part, at = file[at : at + part], at + part
    out += struct.pack('>H', len(part) | (0x8000 if nth % 5 == 4 else 0)) + part
open(target, 'wb').write(out)
END
}
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
picture="-f lavfi -i testsrc=s=64x64:r=10:d=2 -pix_fmt yuv420p"
for codec in libsvtav1 libaom-av1; do
    ffmpeg -v error -nostdin -y $picture -c:v $codec -g 30 -crf 60 -bitexact seed.mp4
    cut_samples seed.mp4 seeds/references/$codec 0 av1C
done
for layers in 0 4; do
    ffmpeg -v error -nostdin -y $picture -c:v libx265 -g 30 -bitexact \
        -x265-params log-level=none:bframes=8:b-adapt=0:temporal-layers=$layers seed.mp4
    cut_samples seed.mp4 seeds/references/libx265-$layers 1 hvcC
done
rm seed.mp4
picture="-f lavfi -i testsrc=s=32x32:r=10:d=1.5"
for codec in mpeg4 libxvid; do
    ffmpeg -v error -nostdin -y $picture -c:v $codec -g 5 -bf 2 -b:v 20k -bitexact seeds/avi/$codec.avi
done
ffmpeg -v error -nostdin -y $picture -c:v mjpeg -pix_fmt yuvj420p -q:v 20 -bitexact seeds/avi/mjpeg.avi
ffmpeg -v error -nostdin -y $picture -f lavfi -i sine=d=1.5:r=8000 -c:a pcm_u8 -c:v mpeg4 -g 5 -b:v 20k \
    -bitexact seeds/avi/sound.avi
ffmpeg -v error -nostdin -y $picture -c:v libx264 -g 5 -bf 2 -b:v 20k -flvflags add_keyframe_index \
    -bitexact seeds/flv/keyframes.flv
ffmpeg -v error -nostdin -y $picture -f lavfi -i sine=d=1.5:r=22050 -c:a libmp3lame -b:a 8k -c:v libx264 \
    -g 5 -b:v 20k -bitexact seeds/flv/sound.flv
for codec in mpeg1video mpeg2video libx264 libx265; do
    ffmpeg -v error -nostdin -y $picture -x265-params log-level=none -r 25 -c:v $codec -g 5 -bf 2 -b:v 20k \
        -bitexact -f vob seeds/ps/$codec.vob
done
ffmpeg -v error -nostdin -y $picture -f lavfi -i sine=d=1.5:r=44100 -r 25 -s 64x64 -c:v mpeg1video -g 5 \
    -b:v 100k -c:a mp2 -b:a 32k -bitexact -f vcd seeds/ps/disc.mpg
ffmpeg -v error -nostdin -y $picture -c:v libtheora -g 5 -b:v 20k -bitexact -page_duration 300000 \
    seeds/ogg/theora.ogv
ffmpeg -v error -nostdin -y $picture -f lavfi -i sine=d=1.5:r=8000 -c:a libopus -b:a 6k -c:v libtheora -g 5 \
    -b:v 20k -bitexact seeds/ogg/opus.ogv
for codec in wmv2 msmpeg4; do
    ffmpeg -v error -nostdin -y $picture -f lavfi -i sine=d=1.5:r=8000 -c:a wmav2 -b:a 32k -c:v $codec -g 5 \
        -b:v 20k -packet_size 400 -bitexact -f asf seeds/asf/$codec.asf
done
ffmpeg -v error -nostdin -y $picture -r 25 -frames:v 12 -c:v mpeg2video -g 5 -bf 2 -b:v 20k -bitexact -an seeds/mxf/long.mxf
ffmpeg -v error -nostdin -y $picture -r 25 -frames:v 4 -c:v jpeg2000 -format j2k -bitexact -an seeds/mxf/intra.mxf
