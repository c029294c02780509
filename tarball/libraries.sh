#!/bin/sh
# libraries.sh FILE...: the libraries that these need, and those that they need in
# turn, a path each, without the C library's own: what a tarball has to bring along.
# What is to be found beside the file itself is left out.
set -eu

ldd "$@" | awk '
	/not found/ { print "libraries.sh: " $0 >"/dev/stderr"; exit 1 }
	$2 == "=>" && $1 !~ /^(libc|libm|libdl|libpthread|librt|libresolv)\.so\./ {
		print $3
	}' | sort -u
