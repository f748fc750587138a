#!/bin/sh
# The programs the tests run beside the node. Where they cannot be installed, the tests say what they skip.
set -u
wanted=""
need() { command -v "$1" >/dev/null 2>&1 || wanted="$wanted $2"; }
need redis-server redis-server
need storescu dcmtk
need dciodvfy dicom3tools
need openssl openssl
[ -x /usr/sbin/Orthanc ] || need Orthanc orthanc
[ -e /usr/share/orthanc/plugins/libOrthancDicomWeb.so ] || wanted="$wanted orthanc-dicomweb"
need chromium chromium
# It fetches the viewer OHIF (tests/browser/ohif_distribution.py).
need npm npm
[ -z "$wanted" ] && exit 0
run=""
[ "$(id -u)" = 0 ] || run="sudo -n"
if command -v apt-get >/dev/null 2>&1 && $run true 2>/dev/null; then
  echo "installing$wanted"
  export DEBIAN_FRONTEND=noninteractive
  { $run apt-get update -qq && $run apt-get install -y -qq --no-install-recommends $wanted; } >/dev/null 2>&1 && exit 0
fi
echo "not installed, tests with them will be skipped:$wanted"
