# Every command that a person types; "make help" lists them.
#
# O is where a build goes.  The sanitizer build is another one, in another O.

VERSION = 0.1.0
O = build

# Where "make install" puts things, by the names of GNU; DESTDIR goes in front of
# all.  Debian's web servers look for their snippets below /etc alone.
PREFIX = /usr/local
prefix = $(PREFIX)
exec_prefix = $(prefix)
libexecdir = $(exec_prefix)/lib
datarootdir = $(prefix)/share
datadir = $(datarootdir)
docdir = $(datarootdir)/doc/latchkey
sysconfdir = $(if $(filter /usr,$(prefix)),/etc,$(prefix)/etc)
serverconfdir = $(if $(filter /usr /usr/local,$(prefix)),/etc,$(sysconfdir))
systemdsystemunitdir = $(prefix)/lib/systemd/system
DESTDIR =

CC = gcc
CFLAGS = -O2 -g
PKG_CONFIG = pkg-config
PKGS = fcgi libcjson libjwt libmariadb libxcrypt libcrypto

WARN = -std=c11 -Wall -Wextra -Wshadow -Wconversion -Wvla \
	-Wmissing-prototypes -Wstrict-prototypes -Wformat-security -Werror
# Hidden: else our json_string() would take the place of jansson's in libjwt.
VISIBILITY = -fvisibility=hidden

ifdef SANITIZE
HARDEN = -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
LDFLAGS += -fsanitize=address,undefined
else
HARDEN = -fPIE -fstack-protector-strong -D_FORTIFY_SOURCE=2
LDFLAGS += -pie -Wl,-z,relro,-z,now -Wl,--as-needed
endif

CPPFLAGS += -Ilib -D_GNU_SOURCE -DLATCHKEY_VERSION='"$(VERSION)"' \
	$(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null)
LDLIBS = $(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null)

LIB = $O/lib/liblatchkey.a
LIB_OBJS = $(patsubst %.c,$O/%.o,$(sort $(wildcard lib/*.c)))
BINS = $(patsubst %.c,$O/%,$(sort $(wildcard cgi-bin/*.c)))
UNITS = $(patsubst %.c,$O/%.t,$(sort $(wildcard tests/unit/*.c)))
FLOORS = $(addprefix $O/bench/,fixed select update bcrypt cgi)

# For web spaces: the programs again, with their libraries in ../lib, stripped, and
# with nothing in them of where and when they were built.
ARCH = $(shell uname -m)
DIST = $O/dist
DIST_NAME = latchkey-$(VERSION)-linux-$(ARCH)
DIST_BINS = $(patsubst cgi-bin/%.c,$(DIST)/cgi-bin/%,$(sort $(wildcard cgi-bin/*.c)))
RUNPATH = $$ORIGIN/../lib
DIST_LDFLAGS = -s -Wl,--build-id=none -Wl,--enable-new-dtags \
	-Wl,-rpath,'$(RUNPATH)'

.PHONY: all help install uninstall deb test-deb run dev dist tarball test bench \
	bench-programs units clean format print-flags print-version

all: $(BINS)

help:
	@echo 'make run    build and serve on http://127.0.0.1:8000 (PORT=, RUN_DIR=,'
	@echo '            SERVER=lighttpd|apache|apache-cgi|..., any setting=value)'
	@echo 'make dev    the same, built and started again on every change'
	@echo 'make test   build, and pass every test'
	@echo 'make bench  measure it, against others; see tests/bench/README.md'
	@echo 'make        build alone, into build/cgi-bin/'
	@echo 'make install, make uninstall  (PREFIX=/usr/local, DESTDIR=)'
	@echo 'make deb    a Debian package, in build/; make test-deb tries it in a fresh Debian'
	@echo 'make dist   build/dist/$(DIST_NAME).tar.gz,'
	@echo '            for web spaces without a compiler'
	@echo 'make format lay out the C sources as .clang-format has it'
	@echo 'make clean  leave nothing but what git tracks'

$(BINS): $O/%: $O/%.o $(LIB)
	@echo "  ld $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(LIB): $(LIB_OBJS)
	@rm -f $@
	@$(AR) rcs $@ $^

$O/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "  cc $<"
	@$(CC) $(WARN) $(HARDEN) $(VISIBILITY) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(UNITS): $O/%.t: $O/%.o $(LIB)
	@echo "  ld $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS)

# The versions that no header tells.
$O/lib/doctor_versions.o: CPPFLAGS += \
	-DBUILT_WITH_FCGI='"$(shell $(PKG_CONFIG) --modversion fcgi 2>/dev/null)"' \
	-DBUILT_WITH_JWT='"$(shell $(PKG_CONFIG) --modversion libjwt 2>/dev/null)"'

units: $(UNITS)

# What tests/bench compares with, and the program that makes its users.
$(FLOORS): $O/bench/%: $O/tests/bench/floors/%.o $O/tests/bench/floors/floor.o $(LIB)
	@mkdir -p $(@D)
	@echo "  ld $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$O/bench/users: $O/tests/bench/users.o $(LIB)
	@mkdir -p $(@D)
	@echo "  ld $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

bench-programs: $(FLOORS) $O/bench/users

# A RUNPATH serves the program's own needs, and not those of its libraries: so each
# program names all of them.
$(DIST_BINS): $(DIST)/cgi-bin/%: $O/cgi-bin/%.o $(LIB) $O/cgi-bin/%
	@mkdir -p $(@D)
	@echo "  ld $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $(DIST_LDFLAGS) -o $@ $(filter %.o %.a,$^) \
		$(LDLIBS) -Wl,--no-as-needed $$(tarball/libraries.sh $O/cgi-bin/$*)

DIST_PARTS = $(sort $(shell find tarball htdocs mail passwords sql apache-conf/htaccess \
	tests/fail2ban -type f)) LICENSE latchkey.env.sample

$(DIST)/$(DIST_NAME).tar.gz: $(DIST_BINS) $(DIST_PARTS) Makefile
	@echo "  tar $@"
	@tarball/make.sh $O $(DIST_NAME)

tarball: $(DIST)/$(DIST_NAME).tar.gz

# What is missing is installed first; pkg-config answers only after that, so
# the build itself is another make.
MORE = $(MAKE) -s --no-print-directory
RUN_NEEDS = build run $(if $(filter apache%,$(SERVER)),run-apache) \
	$(if $(filter nginx apache-proxy,$(SERVER)),run-nginx)

run:
	@tests/servers/install.sh $(RUN_NEEDS)
	@$(MORE) all $(if $(filter apache-htaccess%,$(SERVER)),tarball)
	@exec tests/servers/run.sh

dist:
	@tests/servers/install.sh build
	@$(MORE) tarball

dev:
	@tests/servers/install.sh $(RUN_NEEDS)
	@exec tests/servers/dev.sh

test:
	@tests/servers/install.sh test
	@tests/install-npm.sh
	@$(MORE) all tarball units
	@$(MORE) O=build/asan SANITIZE=1 all units
	@exec tests/run.sh

bench:
	@tests/servers/install.sh build run run-apache run-nginx bench
	@$(MORE) all bench-programs
	@exec tests/bench/bench.sh

install uninstall: export STAGE = $O/stage
install uninstall: export LIBEXECDIR = $(libexecdir)
install uninstall: export DATADIR = $(datadir)
install uninstall: export DOCDIR = $(docdir)
install uninstall: export SYSCONFDIR = $(sysconfdir)
install uninstall: export SERVERCONFDIR = $(serverconfdir)
install uninstall: export UNITDIR = $(systemdsystemunitdir)
install uninstall: export DESTDIR := $(DESTDIR)

install: all
	@BINS='$(BINS)' packaging/stage.sh
	@packaging/install.sh install

uninstall:
	@packaging/install.sh uninstall

deb:
	@tests/servers/install.sh build deb
	@O='$O' VERSION='$(VERSION)' packaging/deb.sh

test-deb: deb
	@tests/servers/install.sh test-deb
	@prove --exec '' tests/deb

format:
	clang-format -i cgi-bin/*.c lib/*.[ch] tests/unit/*.[ch] \
		tests/bench/*.c tests/bench/floors/*.[ch]

# For tests/checks/clang.t.
print-flags:
	@echo '$(WARN) -Ilib -D_GNU_SOURCE -DLATCHKEY_VERSION="x"' \
		'$(shell $(PKG_CONFIG) --cflags $(PKGS))'

print-version:
	@echo '$(VERSION)'

clean:
	@[ ! -d .run/debian ] || [ -w .run/debian ] || sudo rm -rf --one-file-system .run/debian
	rm -rf build .run tests/node_modules tests/bench/peers/node_modules

# Not all below $O: a package is put together there, and systemd has *.d directories.
-include $(wildcard $O/lib/*.d $O/cgi-bin/*.d $O/tests/*/*.d $O/tests/*/*/*.d)
