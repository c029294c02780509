#include <cjson/cJSON.h>
#include <crypt.h>
#include <dlfcn.h>
#include <fcgiapp.h>
#include <gnu/libc-version.h>
#include <jwt.h>
#include <mysql.h>
#include <openssl/crypto.h>
#include <openssl/opensslv.h>
#include <stdlib.h>
#include <string.h>

#include "doctor_check.h"

/* The Makefile asks pkg-config for those that their headers do not tell. */
#ifndef BUILT_WITH_FCGI
#define BUILT_WITH_FCGI "?"
#endif
#ifndef BUILT_WITH_JWT
#define BUILT_WITH_JWT "?"
#endif

#define TEXT_OF(x) #x
#define TEXT(x)	   TEXT_OF(x)

bool
doctor_version_is_older(const char *a, const char *b)
{
	while (*a != '\0' || *b != '\0') {
		char *a_end, *b_end;
		long left = strtol(a, &a_end, 10);
		long right = strtol(b, &b_end, 10);

		if (left != right)
			return left < right;
		if (*a_end != '.' && *b_end != '.')
			return false;
		a = a_end + (*a_end == '.');
		b = b_end + (*b_end == '.');
	}
	return false;
}

/* The file that ${symbol} was loaded from. */
static const char *
file_of(void (*symbol)(void))
{
	Dl_info info;
	void *address;

	memcpy(&address, &symbol, sizeof(address));
	return dladdr(address, &info) != 0 && info.dli_fname != NULL
		   ? info.dli_fname
		   : "?";
}

/* A library that says at run time which version it is. */
static void
compare(struct doctor *d, const char *name, const char *loaded,
    const char *built)
{
	bool older = doctor_version_is_older(loaded, built);

	doctor_say(d, name, older ? DOCTOR_WARN : DOCTOR_GOOD,
	    "version %s, built with %s%s", loaded, built,
	    older ? "; install the one that it was built with, or a newer one"
		  : "");
}

/* One that does not. */
static void
tell(struct doctor *d, const char *name, const char *built,
    void (*symbol)(void))
{
	doctor_say(d, name, DOCTOR_GOOD, "built with %s, loaded from %s", built,
	    file_of(symbol));
}

void
doctor_versions(struct doctor *d)
{
	compare(d, "libc", gnu_get_libc_version(),
	    TEXT(__GLIBC__) "." TEXT(__GLIBC_MINOR__));
	compare(d, "libcrypto", OpenSSL_version(OPENSSL_VERSION_STRING),
	    OPENSSL_VERSION_STR);
	compare(d, "libmariadb", mysql_get_client_info(),
	    MARIADB_PACKAGE_VERSION);
	compare(d, "libcjson", cJSON_Version(),
	    TEXT(CJSON_VERSION_MAJOR) "." TEXT(CJSON_VERSION_MINOR) "." TEXT(
		CJSON_VERSION_PATCH));
	tell(d, "libjwt", BUILT_WITH_JWT, (void (*)(void))jwt_new);
	tell(d, "libfcgi", BUILT_WITH_FCGI, (void (*)(void))FCGX_Init);
	tell(d, "libcrypt", XCRYPT_VERSION_STR, (void (*)(void))crypt_rn);
}
