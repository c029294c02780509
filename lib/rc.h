#ifndef LATCHKEY_RC_H
#define LATCHKEY_RC_H

/*
 * How anything in lib/ can end.  HTTP knows these values in two places only:
 * the common answers in answer.c and the table of each program in cgi-bin/.
 */
enum rc {
	RC_OK,
	RC_FAULT,	/* unforeseen: memory, randomness, a bug */
	RC_UNAVAILABLE, /* the database is away, or too busy to say */

	/* The request as HTTP. */
	RC_BAD_METHOD,
	RC_BAD_PATH,
	RC_CROSS_SITE,
	RC_FORBIDDEN, /* signed in, but may not enter here */
	RC_BODY_TOO_LARGE,
	RC_BODY_TYPE,
	RC_BAD_JSON,
	RC_BAD_FORM,

	/* Fields. */
	RC_MISSING,
	RC_INVALID, /* not of the form asked for */
	RC_EMAIL_INVALID,
	RC_PASSWORD_SHORT,
	RC_PASSWORD_LONG,
	RC_PASSWORD_COMMON, /* on the list of those that many have */

	/* Users and their passwords. */
	RC_NOT_FOUND, /* no such row */
	RC_EXISTS,
	RC_DENIED,	  /* wrong password */
	RC_DENIED_HIDDEN, /* wrong password or no such account: not told which
			   */
	RC_UNVERIFIED,	  /* the address is not proven to be the user's */
	RC_THROTTLED,	  /* too many attempts */
	RC_CODE_WRONG,	  /* no such code, or expired, spent, tried too often */
	RC_NO_MAIL,	  /* mail is not set up */
	RC_CONFLICT,	  /* the row changed since it was read: read it again */

	/* Tokens, in the order in which one is judged. */
	RC_TOKEN_NONE,
	RC_TOKEN_MALFORMED,
	RC_TOKEN_SIGNATURE,
	RC_TOKEN_INVALID,
	RC_TOKEN_EXPIRED,
	RC_TOKEN_SPENT,	   /* rotated before, or its session is over */
	RC_SESSION_ENDED,  /* a good access token of a session that is over */
	RC_SESSION_UNKNOWN /* no session of this user has that ID */
};

#define RC__COUNT (RC_SESSION_UNKNOWN + 1)

#define MUST_CHECK __attribute__((warn_unused_result))

#endif
