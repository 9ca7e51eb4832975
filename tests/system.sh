#!/bin/bash
# tests/system.sh [PACKAGE…]: installs the Debian packages whose programs the tests talk to, or only those named;
# without root it says which are missing.
set -eu

declare -A programs=(
  [swaks]=swaks
  [postfix]=postfix
  [dovecot]=dovecot-imapd
  [/usr/lib/dovecot/lmtp]=dovecot-lmtpd
  [bearerbox]=kannel
  [/usr/lib/kannel/test/fakesmsc]=kannel-extras
  [curl]=curl
  [gammu]=gammu
  [gammu-smsd]=gammu-smsd
  [nginx]=nginx
  [promtool]=prometheus
  [systemd-analyze]=systemd
  [strace]=strace
  [mkfs.ext4]=e2fsprogs
  [faketime]=faketime
  [clamd]=clamav-daemon
  [chromium]=chromium
)
PATH=$PATH:/usr/sbin:/sbin

wanted=" ${*:-${programs[*]}} "

missing() {
  local program
  for program in "${!programs[@]}"; do
    [[ $wanted != *" ${programs[$program]} "* ]] || command -v "$program" >/dev/null || echo "${programs[$program]}"
  done
}

forbid_services() {  # Debian starts what it installs, unless this file says no
  local policy=/usr/sbin/policy-rc.d
  [ -e "$policy" ] && return
  trap "rm -f $policy" EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
}

mapfile -t packages < <(missing)
[ ${#packages[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "The tests need these Debian packages: ${packages[*]}" >&2
  echo "Install them as root: apt-get install --no-install-recommends ${packages[*]}" >&2
  exit 1
fi

echo "Installing for the tests: ${packages[*]}"
export DEBIAN_FRONTEND=noninteractive
forbid_services
apt-get -qq update
echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections
apt-get -qq install --yes --no-install-recommends "${packages[@]}" >/dev/null
mapfile -t packages < <(missing)
[ ${#packages[@]} -eq 0 ] || { echo "Still missing after the installation: ${packages[*]}" >&2; exit 1; }
