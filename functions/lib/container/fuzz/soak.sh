#!/bin/sh
# An hour of fuzzing, or as many seconds as said: each target a thirteenth of it, from seeds/ and from
# what earlier runs found. Ends at a crash, at an input that takes 10 s, at 512 MB.
set -eu
cd "$(dirname "$0")/.."
for target in mp4 matroska outline ts ps avi flv asf mxf ogg feed cut references; do
    case $target in
        mp4) seeds=fuzz/seeds/mp4 ;;
        matroska | outline) seeds=fuzz/seeds/matroska ;;
        ts | ps | avi | flv | asf | mxf | ogg) seeds=fuzz/seeds/$target ;;
        feed) seeds="fuzz/seeds/mp4 fuzz/seeds/matroska fuzz/seeds/ts fuzz/seeds/ps fuzz/seeds/avi fuzz/seeds/flv
            fuzz/seeds/asf fuzz/seeds/mxf fuzz/seeds/ogg" ;;
        references) seeds=fuzz/seeds/references ;;
        cut) seeds= ;;
    esac
    mkdir -p fuzz/corpus/$target
    echo "$target:"
    # Very much: of a run that found nothing a few lines say enough.
    log=fuzz/corpus/$target.log
    RUSTC_BOOTSTRAP=1 cargo fuzz run $target fuzz/corpus/$target $seeds -- -rss_limit_mb=512 \
        -timeout=10 -max_total_time=$((${1:-3600} / 13)) -print_final_stats=1 >$log 2>&1 || {
        grep -A2 -E "panicked|ERROR|^error|^Failing input|^Reproduce with" $log || tail -20 $log
        exit 1
    }
    grep -E "^(Done|stat::(number_of_executed_units|peak_rss_mb|slowest_unit_time_sec))" $log
done
