#!/usr/bin/env bash
# Installs what the build needs, then OpenSSL and ngtcp2, whose versions most distributions do not
# have yet. Run it as often as you like: what stands is checked, not done again.
#
#   scripts/bootstrap.sh [PACKAGE…]     further Debian packages to install with the rest
#
# Where the system has no OpenSSL >= 3.5 with ngtcp2 >= 1.22, both are built, static, outside the
# source tree: ${XDG_CACHE_HOME:-~/.cache}/midstream-validate/deps/<hash>, and deps/current points
# there (scripts/cmake/QuicDependencies.cmake looks for it). A prefix gets its name by one rename,
# after its last file and its manifest are written, so an interrupted build never looks finished.
set -euo pipefail

packages=(
  build-essential ccache cmake dpkg-dev ninja-build patch perl pkg-config python3 xz-utils
  libbenchmark-dev libcli11-dev libeigen3-dev libgmock-dev libgtest-dev libspdlog-dev
  libyaml-cpp-dev nlohmann-json3-dev "$@"
)
openssl_minimum=3.5
ngtcp2_minimum=1.22
# Pinned: what was tried. The Debian archive drops superseded versions, so bootstrap falls back to
# the newest one there that is of the same major version and not below the minimum.
openssl_source=3.5.7-1~deb13u2
ngtcp2_source=1.24.0-1
# Where Debian's archive cannot be used: upstream's own tarballs, whose hashes were taken from
# files that upstream's release keys had signed.
openssl_tarball=https://github.com/openssl/openssl/releases/download/openssl-3.5.7/openssl-3.5.7.tar.gz
openssl_sha256=a8c0d28a529ca480f9f36cf5792e2cd21984552a3c8e4aa11a24aa31aeac98e8
ngtcp2_tarball=https://github.com/ngtcp2/ngtcp2/releases/download/v1.24.0/ngtcp2-1.24.0.tar.xz
ngtcp2_sha256=7fa5ec2be0f0cbed8bc4ec89c0787dfa9d8ce678f1ed9477c52f30eb1a591207
openssl_options=(no-shared no-tests no-docs no-apps)
ngtcp2_flags="-flto=auto -ffat-lto-objects"
if [[ $(uname -m) == x86_64 ]]; then
  # Else GCC clears ngtcp2's small structures with `rep stos`, whose start alone costs 2 % of a
  # bulk sender's time.
  ngtcp2_flags+=" -mmemset-strategy=vector_loop:512:noalign,libcall:-1:noalign"
fi
ngtcp2_options=(-DCMAKE_BUILD_TYPE=Release -DENABLE_LIB_ONLY=ON -DENABLE_OPENSSL=ON
  -DENABLE_SHARED_LIB=OFF -DBUILD_TESTING=OFF -DOPENSSL_USE_STATIC_LIBS=ON
  -DCMAKE_C_COMPILER=gcc "-DCMAKE_C_FLAGS=$ngtcp2_flags")

deps=${XDG_CACHE_HOME:-${HOME:?}/.cache}/midstream-validate/deps
# shellcheck source=/dev/null
. /etc/os-release
# The archives are tied to the C library they were compiled against, so that is in the hash too.
recipe="$openssl_source ${openssl_options[*]} $ngtcp2_source ${ngtcp2_options[*]} merged"
hash=$(sha256sum <<<"$recipe ${ID:-linux}${VERSION_ID:-} $(uname -m)")
prefix=$deps/${hash:0:12}
logs=$deps/logs
work=$deps/work    # everything unfinished; removed at the end and before each build
stage=$work/stage

say() { printf 'bootstrap: %s\n' "$*" >&2; }
die() { say "$@"; exit 1; }

# step NAME HOW-TO-MEND COMMAND…: quiet when it works, the end of its log when it does not.
step() {
  local log=$logs/$1.log mend=$2
  shift 2
  # Not in a condition: there bash would ignore set -e inside the command.
  set +e
  (set -e; "$@") >"$log" 2>&1 </dev/null
  local status=$?
  set -e
  [[ $status -ne 0 ]] || return 0
  tail -n 20 "$log" >&2
  die "failed: $(basename "$log" .log) (whole log: $log). $mend"
}

# ---------------------------------------------------------------- packages

missing_packages() {
  local installed
  installed=$(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' "${packages[@]}" 2>/dev/null |
    sed -n 's/^ii  *//p') || true
  comm -13 <(sort -u <<<"$installed") <(printf '%s\n' "${packages[@]}" | sort -u)
}

# How to become root, as words before a command; fails when there is no way without asking.
root_prefix() {
  if [[ $EUID -eq 0 ]]; then
    echo env
  elif command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then
    echo sudo
  else
    return 1
  fi
}

apt_install() {
  "$(root_prefix)" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq \
    install -y --no-install-recommends "$@"
}

install_packages() {
  local missing
  if ! command -v apt-get >/dev/null; then
    prefix_stands || say "no apt-get here; the build needs what Debian calls: ${packages[*]} curl"
    return 0
  fi
  mapfile -t missing < <(missing_packages)
  [[ ${#missing[@]} -gt 0 ]] || return 0
  local by_hand="apt-get update && apt-get install --no-install-recommends ${missing[*]}"
  root_prefix >/dev/null ||
    die "needs root to install packages. Run this as root, then run me again: $by_hand"
  say "installing ${#missing[@]} packages: ${missing[*]}"
  step apt-update "Is the package archive reachable? Try: apt-get update" \
    "$(root_prefix)" apt-get -o DPkg::Lock::Timeout=300 update
  step apt-install "Try by hand as root: $by_hand" apt_install "${missing[@]}"
}

# ---------------------------------------------------------------- OpenSSL and ngtcp2

system_has_quic() {
  pkg-config --exists "openssl >= $openssl_minimum" "libngtcp2 >= $ngtcp2_minimum" \
    "libngtcp2_crypto_ossl >= $ngtcp2_minimum" 2>/dev/null
}

prefix_stands() {
  [[ -f $prefix/manifest ]] && (cd "$prefix" && sha256sum --status --strict -c manifest) 2>/dev/null
}

# Debian 13 backports and later have both as packages. True when they are then installed.
install_quic_packages() {
  local version release
  read -r version release < <(apt-cache madison libngtcp2-crypto-ossl-dev 2>/dev/null |
    awk '$NF == "Packages" {split($6, suite, "/"); print $3, suite[1]}' | sort -rV) || return 1
  dpkg --compare-versions "$version" ge "$ngtcp2_minimum" || return 1
  root_prefix >/dev/null || return 1
  say "installing ngtcp2 $version from $release"
  step apt-install-quic "Try by hand as root: apt-get install -t $release libssl-dev libngtcp2-dev \
libngtcp2-crypto-ossl-dev" \
    apt_install -t "$release" libssl-dev libngtcp2-dev libngtcp2-crypto-ossl-dev
  system_has_quic
}

# An apt of our own: source packages of newer Debian releases, signatures checked with the Debian
# keyring, and nothing of the system's configuration of packages touched or used.
private_apt() {
  local tool=$1
  shift
  "$tool" -o Dir::Etc::sourcelist="$work/apt/debian.sources" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
    -o Dir::State::Lists="$work/apt/lists" -o Dir::Cache="$work/apt/cache" \
    -o APT::Sandbox::User="$(id -un)" "$@"
}

configure_private_apt() {
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg archive
  [[ ${ID:-} == debian && -r $keyring ]] || return 1
  # The archive's address is the system's own; its lists may be absent, hence the second form.
  # shellcheck disable=SC2016  # apt's variables, not the shell's
  archive=$({
    apt-get indextargets --format '$(CODENAME) $(REPO_URI)'
    apt-get --no-release-info indextargets --format '$(RELEASE) $(REPO_URI)'
  } | awk -v codename="$VERSION_CODENAME" '$1 == codename && !found++ {print $2}')
  [[ -n $archive ]] || return 1
  mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial"
  cat >"$work/apt/debian.sources" <<END
Types: deb-src
URIs: $archive
Suites: trixie forky
Components: main
Signed-By: $keyring
END
  private_apt apt-get update
}

# The version of PACKAGE to take: the pinned one, else the newest that still downloads (an index
# may name a file that the archive no longer has). Leaves its files in the current folder.
fetch_from_debian() {
  local package=$1 pinned=$2 minimum=$3 version
  while read -r version; do
    dpkg --compare-versions "$version" ge "$minimum" || continue
    [[ ${version%%.*} == "${pinned%%.*}" ]] || continue
    if private_apt apt-get source --download-only "$package=$version"; then
      echo "$version" >version
      return
    fi
  done < <(echo "$pinned"; private_apt apt-cache madison "$package" | awk '{print $3}' | sort -rV)
  return 1
}

fetch_from_upstream() {
  local package=$1 url=$2 sha256=$3
  command -v curl >/dev/null || { echo "curl is not installed"; return 1; }
  # With the name that Debian gives the same file.
  curl --fail --location --silent --show-error --output "$package.orig.tar.${url##*.}" "$url" &&
    sha256sum -c <<<"$sha256  $package.orig.tar.${url##*.}" &&
    basename "${url%.tar.*}" | sed 's/^[^-]*-//' >version
}

# The sources of both into $work/PACKAGE/source, each from a place that vouches for them.
fetch_sources() {
  local debian=yes
  configure_private_apt || debian=no
  mkdir -p "$work"/{openssl,ngtcp2}/source
  cd "$work/openssl"
  if [[ $debian == yes ]] && fetch_from_debian openssl "$openssl_source" "$openssl_minimum"; then
    rmdir source
    dpkg-source --extract ./*.dsc source  # with Debian's security patches
  else
    fetch_from_upstream openssl "$openssl_tarball" "$openssl_sha256"
    tar xf openssl.orig.tar.gz -C source --strip-components=1
  fi
  cd "$work/ngtcp2"
  if [[ $debian == no ]] || ! fetch_from_debian ngtcp2 "$ngtcp2_source" "$ngtcp2_minimum"; then
    fetch_from_upstream ngtcp2 "$ngtcp2_tarball" "$ngtcp2_sha256"
  fi
  tar xf ./*.orig.tar.?z -C source --strip-components=1
}

build_openssl() {
  cd "$work/openssl/source"
  ./Configure --prefix="$prefix" --libdir=lib "${openssl_options[@]}"
  make -j"$(nproc)" build_libs
  make DESTDIR="$stage" install_dev
}

build_ngtcp2() {
  cd "$work/ngtcp2"
  # ngtcp2's own package files name $prefix, where all of this will stand in the end.
  cmake -S source -B build -G Ninja -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib \
    -DOPENSSL_ROOT_DIR="$stage$prefix" "${ngtcp2_options[@]}"
  cmake --build build
  DESTDIR=$stage cmake --install build
  merge_ngtcp2
}

# A packet passes through most of ngtcp2's fifty small files. Optimised as one they cost a bulk
# sender 8 % less. A relocatable link does that once, here, and leaves an ordinary archive: no
# later link and no other compiler needs to know of it.
merge_ngtcp2() {
  cd "$stage$prefix/lib"
  # shellcheck disable=SC2086  # words
  gcc -O3 $ngtcp2_flags -r -flinker-output=nolto-rel -Wl,--whole-archive libngtcp2.a \
    -Wl,--no-whole-archive -o ngtcp2.o
  rm libngtcp2.a
  ar rcs libngtcp2.a ngtcp2.o
  rm ngtcp2.o
}

write_manifest() {
  cd "$stage$prefix"
  find include lib -type f -print0 | sort -z | xargs -0 sha256sum >manifest
}

build_quic() {
  trap 'rm -rf "$work"' EXIT
  rm -rf "$work"
  mkdir -p "$work"
  step fetch-sources "Neither Debian's archive nor upstream's site could be used: see the log." \
    fetch_sources
  say "building OpenSSL $(<"$work/openssl/version") and ngtcp2 $(<"$work/ngtcp2/version")" \
    "(once, about 90 s on two cores)"
  step openssl-build "Disk full? A C compiler missing?" build_openssl
  step ngtcp2-build "Disk full? A C++ compiler missing?" build_ngtcp2
  step manifest "Disk full?" write_manifest
  rm -rf "$prefix"
  mv "$stage$prefix" "$prefix"
}

main() {
  mkdir -p "$logs"
  # One bootstrap at a time: two would build in the same place.
  exec 9>"$deps/lock"
  flock --nonblock 9 || { say "waiting for another bootstrap to end"; flock 9; }
  install_packages
  if system_has_quic; then
    say "OpenSSL $(pkg-config --modversion openssl) and ngtcp2 $(pkg-config --modversion libngtcp2)" \
      "are the system's"
    return
  fi
  if ! prefix_stands && ! install_quic_packages; then
    build_quic
  fi
  if [[ -f $prefix/manifest && ! $deps/current -ef $prefix ]]; then
    ln -sfn "$prefix" "$deps/current"
  fi
  say "ready"
}

main
