#!/bin/sh
# build.sh PACKAGE ARCHITECTURE FOLDER: builds the functions and puts that of PACKAGE into FOLDER.
#
# provided.al2023 has glibc 2.34. A build against the host's own glibc, which is newer on most systems,
# deploys well and then does not start. So the target names that version, whatever the host, and what
# comes out is checked. All functions are built at once: they have most of their code in common.
set -eu
package=$1
architecture=$2
folder=$3
cd "$(dirname "$0")/.."

glibc=2.34
target=$architecture-unknown-linux-gnu
case ${CARGO_LAMBDA_COMPILER:=cargo-zigbuild} in
cargo-zigbuild | cargo_zigbuild)
    target=$target.$glibc
    # Zig comes with cargo-lambda as a Python package, which lies where cargo-lambda does. Installed by
    # pipx or uv, that is not where `python3` looks.
    if [ -z "${CARGO_ZIGBUILD_ZIG_PATH:-}" ]; then
        own=$(python3 -c 'import os, sys; print(os.path.dirname(os.path.realpath(sys.argv[1])))' \
            "$(command -v cargo-lambda || echo none)")
        zig=$("$own/python" -c 'import os, ziglang; print(os.path.dirname(ziglang.__file__))' 2>/dev/null)/zig || zig=
        [ ! -x "$zig" ] || export CARGO_ZIGBUILD_ZIG_PATH="$zig"
    fi
    ;;
esac
export CARGO_LAMBDA_COMPILER
cargo lambda build --release --locked --target "$target" --package submit --package worker --package notify </dev/null

built=${CARGO_TARGET_DIR:-target}/lambda/$package/bootstrap
python3 -I functions/check_elf.py "$architecture" "$glibc" "$built"
mkdir -p "$folder"
cp "$built" "$folder/bootstrap"
