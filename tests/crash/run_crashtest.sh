#!/bin/bash
# CRASHTEST=crashtest.py tests/crash/run_crashtest.sh {kill|term|syscall|power|eio|none} [OPTION…]
#
# Runs a crash test tool on `kanal run`, over HTTP (one form, as an SMS and as an application's report by Open311) and SMTP
# together, and checks that every message that was acknowledged is kept exactly once with the bytes that were sent. With
# LIST=reports, replies or filed it looks further down the pipeline: each message has led to exactly one report, each report
# to exactly one reply, and an outside case store (`tests.crash.receiver`, which fails and hangs up now and then) has each
# report exactly once.
#
# The tool starts and kills the server, sends, and compares; it takes --server, --http, --smtp, --list, --mode, --kills
# and so on. Further OPTIONS are given to it, such as `--kills 30 --seed 1`. Mode syscall needs strace: the server is
# killed at its first write or sync, after the next start at a later one (`--point-step`), and so on. Modes power and
# eio need root and loop devices: the data are on a file system of their own whose power is cut. WORK is where
# everything is kept (made, and removed if it was not given); PYTHON the interpreter.
set -eu

mode=${1:?which mode?}; shift
: "${CRASHTEST:?the path of crashtest.py}"
python=$(command -v "${PYTHON:-python}")
root=$(cd "$(dirname "$0")/../.." && pwd)
made= receiver=
trap '${receiver:+kill $receiver}; ${made:+rm -rf "$made"}' EXIT
if [ -z "${WORK:-}" ]; then WORK=$(mktemp -d); made=$WORK; fi
mkdir -p "$WORK/disk"
cd "$root"

# Below the ephemeral range: while the gateway is down, no client's own port may be its.
web=$((10000 + RANDOM % 10000))
smtp=$((web + 1))
outside=$((web + 2))
secret=$("$python" -c 'import secrets; print(secrets.token_hex(16))')
(umask 077; echo "$secret" >"$WORK/secret")

cat >"$WORK/kanal.toml" <<TOML
[gateway]
data = "disk/kanal"
replies_per_person_per_day = 1000000

[web]
port = $web

[[channels]]
name = "mail"
kind = "smtp"
recipients = ["dki@jakarta.go.id"]
smtp = "127.0.0.1:$smtp"

[[channels]]
name = "sms"
kind = "sms"
number = "1708"
secret = { file = "secret" }

[[channels]]
name = "apps"
kind = "open311"
open = true
per_minute = 1000000
TOML

if [ "${LIST:-}" = filed ]; then
  cat >>"$WORK/kanal.toml" <<TOML

[[case_stores]]
name = "crm"
kind = "http"
url = "http://127.0.0.1:$outside/kanal"
retry_seconds = 0.5
secret = { file = "secret" }
TOML
  "$python" -m tests.crash.receiver "$outside" "$WORK/secret" "$WORK/held" &
  receiver=$!
fi

"$python" "$CRASHTEST" \
  --mode "$mode" --disk "$WORK/disk" --work "$WORK/crashtest" --cwd "$root" \
  --server "$python -m gateway run $WORK/kanal.toml" \
  --http "http://127.0.0.1:$web/in/sms/$secret/mo" --http "http://127.0.0.1:$web/in/apps/requests.json" \
  --content-type application/x-www-form-urlencoded --header 'Idempotency-Key: {id}' --max-size 900 \
  --body 'id={id}&sender=%2B628111000001&to=1708&time=1793500000&coding=0&charset=UTF-8&udh=&message=Banjir+{id}+{filler}&service_code=banjir&device_id=d-1&description=Banjir+{id}' \
  --smtp "127.0.0.1:$smtp" --rcpt dki@jakarta.go.id \
  --list "$python -m tests.crash.listing ${LIST:-deliveries} $WORK/kanal.toml $WORK/held" --settle 1 \
  "$@"
