#!/bin/sh
# Make ./configure from configure.ac. Needs autoconf, automake and pkg-config.
cd "$(dirname "$0")" && mkdir -p build-aux && exec autoreconf --install --force --warnings=all
