#!/bin/bash
# The template corpus as a suite of ./check.
exec bash "$(dirname "$0")/run.sh"
