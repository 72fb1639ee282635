#!/usr/bin/env bash
# `sam local invoke` and `sam local start-api` with the built functions and the events.
#
#     tests/aws/sam-local.sh [BASE-IMAGE]
#
# Needs `sam`, a Docker engine that answers (DOCKER_HOST is honoured) and `.aws-sam/build`, which
# `sam build` makes. Installs nothing. Without BASE-IMAGE, `sam` pulls the base image of AWS; with
# one, which must be there, it pulls nothing: machines that reach no registry of images give their
# own, such as Debian's files by `docker import`.
set -euo pipefail
cd "$(dirname "$0")/../.."

for program in sam docker curl; do
    command -v "$program" >/dev/null || { echo "needs $program"; exit 2; }
done
docker info >/dev/null 2>&1 || { echo "needs a Docker engine that answers"; exit 2; }
[ -e .aws-sam/build/template.yaml ] || { echo "needs what 'sam build' makes"; exit 2; }

export SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=y
image=()
[ $# -eq 0 ] || image=(--skip-pull-image --invoke-image "$1")
# Whoever calls is answered. Where the store is, an emulator may be; without one the functions still
# tell what they are and refuse what is no call or message of theirs.
endpoint=${ENDPOINT_URL:-http://127.0.0.1:9}
told=$(mktemp)
trap 'rm -f "$told"' EXIT
cat >"$told" <<JSON
{"Submit": {"AUTH": "none", "ENDPOINT_URL": "$endpoint"},
 "Worker": {"ENDPOINT_URL": "$endpoint"}, "Notify": {"ENDPOINT_URL": "$endpoint"}}
JSON
parameters=(--env-vars "$told")
port=${PORT:-13000}

check() { # NAME TEXT EXPECTED
    case "$2" in
        *"$3"*) echo "ok: $1" ;;
        *) echo "FAILED: $1: no $3 in: $2"; exit 1 ;;
    esac
}

echo "== sam local invoke"
answer=$(sam local invoke Submit "${image[@]}" "${parameters[@]}" --event events/http-openapi.json 2>/dev/null)
check "Submit gives its document" "$answer" openapi
answer=$(sam local invoke Worker "${image[@]}" "${parameters[@]}" --event events/sqs-batch-one-poison.json 2>/dev/null)
check "Worker reports the poison" "$answer" 4218c0d9-d4e2-449c-ac21-439446290547
# Without its settings, which are in no table here, nobody is called.
answer=$(sam local invoke Notify "${image[@]}" "${parameters[@]}" --event events/sqs-callback.json 2>/dev/null)
check "Notify keeps a callback" "$answer" 5c1f0a4e-7a52-4a3e-8d07-0d1c9b1a6f10

echo "== sam local start-api"
log=$(mktemp)
sam local start-api "${image[@]}" "${parameters[@]}" --port "$port" --warm-containers EAGER >"$log" 2>&1 &
api=$!
trap 'kill $api 2>/dev/null || true; wait $api 2>/dev/null || true; rm -f "$log" "$told"' EXIT
for _ in $(seq 120); do
    curl -s -o /dev/null "http://127.0.0.1:$port/" && break
    kill -0 $api 2>/dev/null || { cat "$log"; exit 1; }
    sleep 0.5
done
check "the API has its document" "$(curl -s "http://127.0.0.1:$port/openapi.json")" openapi
check "the API refuses by the contract" "$(curl -s "http://127.0.0.1:$port/?Action=Nothing&Version=2017-03-21")" '"RequestId"'
