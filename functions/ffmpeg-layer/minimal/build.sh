#!/bin/sh
# build.sh ARCHITECTURE FOLDER: builds ffmpeg's decoders alone, as one static program, into FOLDER.
#
# The compiler (zig, with musl as its C library), meson, ninja and pkgconf are wheels of one version
# and sha256, as the sources are: two builds have the same bytes. Of the machine it needs make and, for
# x86_64, nasm, which no wheel has.
set -eu
architecture=$1
layer=$2
here=$PWD/minimal
python=${PYTHON:-python3}
jobs=${FFMPEG_JOBS:-$(getconf _NPROCESSORS_ONLN)}

if [ "$architecture" = x86_64 ] && ! command -v nasm >/dev/null; then
    echo "FFMPEG_LAYER=minimal needs nasm for x86_64, such as by 'apt-get install nasm'" >&2
    exit 2
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

mkdir "$scratch/empty" "$scratch/tools" "$scratch/build"
# -I and an empty folder: Python takes modules from the current folder and from PYTHONPATH otherwise.
(cd "$scratch/empty" && "$python" -I -m pip install --quiet --disable-pip-version-check --no-deps \
    --only-binary=:all: --require-hashes --no-compile \
    --target "$scratch/wheels" --requirement "$here/toolchain.txt")
"$python" -I "$here/fetch.py" "$here/sources.txt" "$scratch/source" ffmpeg-9.0.2 dav1d-1.5.4 zlib-1.3.2

# Programs of this build, by names that say nothing of where it lies.
zig=$scratch/wheels/ziglang/zig
tool() { printf '#!/bin/sh\n%s\n' "$2" >"$scratch/tools/$1" && chmod 755 "$scratch/tools/$1"; }
# All flags that change code are here and come last, so that they count: zig builds its C library anew
# for each set of them, which takes longer than dav1d does, and probes ask for sets of their own.
cflags="-O3 -fPIC -fstack-protector-strong -ffunction-sections -fdata-sections -s"
compile() { printf '%s' "exec '$zig' cc -ffile-prefix-map='$scratch=.' -target $1 \"\$@\" $cflags"; }
tool target-cc "$(compile "$architecture-linux-musl")"
# Named on Linux, so that only one C library is built where the host and the target are the same.
host=native
[ "$(uname -s)" != Linux ] || host=$(uname -m)-linux-musl
tool host-cc "$(compile "$host")"
tool target-ar "exec '$zig' ar \"\$@\""
tool target-ranlib "exec '$zig' ranlib \"\$@\""
tool meson "PYTHONPATH='$scratch/wheels' exec '$python' -m mesonbuild.mesonmain \"\$@\""
tool ninja "PYTHONPATH='$scratch/wheels' exec '$scratch/wheels/bin/ninja' \"\$@\""
tool pkgconf "exec '$scratch/wheels/pkgconf/.bin/pkgconf' \"\$@\""
export PATH="$scratch/tools:$PATH" ZIG_GLOBAL_CACHE_DIR="$scratch/zig" ZIG_LOCAL_CACHE_DIR="$scratch/zig"
export LC_ALL=C TZ=UTC SOURCE_DATE_EPOCH=0
unset CFLAGS CPPFLAGS LDFLAGS CC AR PKG_CONFIG_PATH MAKEFLAGS MFLAGS MAKELEVEL
export PKG_CONFIG_LIBDIR="$scratch/installed/lib/pkgconfig"

quiet() {
    log=$scratch/log
    "$@" >"$log" 2>&1 || { tail -n 40 "$log" >&2; echo "failed: $*" >&2; exit 1; }
}

cd "$scratch/source/zlib-1.3.2"
CC=target-cc AR=target-ar RANLIB=target-ranlib CHOST="$architecture-linux-musl" \
    quiet ./configure --static --prefix="$scratch/installed"
quiet make -j"$jobs" libz.a
# What `make install` would put there, without the manual.
mkdir -p "$scratch/installed/lib/pkgconfig" "$scratch/installed/include"
cp libz.a "$scratch/installed/lib/"
cp zlib.h zconf.h "$scratch/installed/include/"
cp zlib.pc "$scratch/installed/lib/pkgconfig/"

cat >"$scratch/cross.txt" <<END
[binaries]
c = 'target-cc'
ar = 'target-ar'
[host_machine]
system = 'linux'
cpu_family = '$architecture'
cpu = '$architecture'
endian = 'little'
END
quiet meson setup "$scratch/build/dav1d" "$scratch/source/dav1d-1.5.4" --cross-file "$scratch/cross.txt" \
    --prefix "$scratch/installed" --libdir lib --buildtype release --default-library static \
    -Db_pie=true -Db_staticpic=true -Denable_tools=false -Denable_tests=false
quiet ninja -j"$jobs" -C "$scratch/build/dav1d" install

. "$here/components.sh"
list() { printf '%s' "$*" | tr -s ' \n' ','; }
mkdir "$scratch/build/ffmpeg" && cd "$scratch/build/ffmpeg"
# Relative, since `ffmpeg -version` prints this line.
quiet ../../source/ffmpeg-9.0.2/configure \
    --enable-cross-compile --target-os=linux --arch="$architecture" \
    --cc=target-cc --ar=target-ar --ranlib=target-ranlib --nm=true --host-cc=host-cc \
    --pkg-config=pkgconf --pkg-config-flags=--static \
    --extra-ldflags="-static -Wl,--gc-sections -Wl,-z,relro,-z,now" --extra-ldexeflags="-pie" \
    --disable-everything --disable-autodetect --disable-network --disable-doc --disable-debug \
    --disable-ffplay --disable-ffprobe --disable-avdevice --disable-iconv --disable-stripping \
    --enable-pic --enable-zlib --enable-libdav1d \
    --enable-protocol="$(list "$protocols")" --enable-demuxer="$(list "$demuxers")" \
    --enable-muxer="$(list "$muxers")" --enable-encoder="$(list "$encoders")" \
    --enable-decoder="$(list "$video_decoders" "$audio_decoders")" \
    --enable-parser="$(list "$parsers")" --enable-bsf="$(list "$bitstream_filters")" \
    --enable-filter="$(list "$filters")"
quiet make -j"$jobs" ffmpeg

mkdir -p "$layer/bin" "$layer/licenses/ffmpeg"
cp ffmpeg "$layer/bin/ffmpeg"
chmod 755 "$layer/bin/ffmpeg"
cp "$scratch/source/ffmpeg-9.0.2/COPYING.LGPLv2.1" "$here/SOURCE.md" "$here/sources.txt" "$layer/licenses/ffmpeg/"
cp "$scratch/source/dav1d-1.5.4/COPYING" "$layer/licenses/ffmpeg/COPYING.dav1d"
cp "$scratch/source/zlib-1.3.2/LICENSE" "$layer/licenses/ffmpeg/LICENSE.zlib"
cp "$scratch/wheels/ziglang/lib/libc/musl/COPYRIGHT" "$layer/licenses/ffmpeg/COPYRIGHT.musl"
