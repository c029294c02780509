#ifndef LATCHKEY_REPLY_H
#define LATCHKEY_REPLY_H

#include "config.h"
#include "request.h"
#include "response.h"
#include "session.h"
#include "signin.h"
#include "user.h"

/* What several programs answer alike. */

/*
 * "user": {"_id", "email", "createdAt", "updatedAt"}, and "emailVerified"
 * where mail is on.
 */
void reply_user(struct response *rs, const struct request *rq,
    const struct user *user);

/* "user": {}, for who has none any more. */
void reply_no_user(struct response *rs);

/*
 * "sessions": [{"_id", "createdAt", "lastUsedAt", "userAgent", "ip",
 * "current"}], in the order given.
 */
void reply_sessions(struct response *rs, const struct sessions *sessions,
    const char *current_id);

/* Both cookies. */
void reply_token_cookies(struct response *rs, const struct request *rq,
    const struct tokens *tokens);

/* Both cookies, and with TOKENS_IN_BODY accessToken and refreshToken. */
void reply_tokens(struct response *rs, const struct request *rq,
    const struct tokens *tokens);

/* Both cookies emptied, with the attributes that they were set with. */
void reply_clear_tokens(struct response *rs, const struct request *rq);

#endif
