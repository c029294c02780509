#!/usr/bin/python3
"""Tokens by another implementation (PyJWT), and by none at all.

tokens.py verify KIND TOKEN...     the claims of each, verified with the secret
tokens.py make USER SESSION EMAIL  "NAME TOKEN" a line: access tokens of a
                                   session, each with something of its own
tokens.py sign KIND CLAIMS         one token with these claims

KIND is access or refresh.  The secrets are read from $LATCHKEY_ENV.
"""
import base64
import hashlib
import hmac
import json
import os
import re
import sys
import time

import jwt


def secrets():
    """The last value of each secret in the settings file."""
    found = {}
    with open(os.environ["LATCHKEY_ENV"], encoding="ascii") as lines:
        for line in lines:
            match = re.match(
                r"\s*(?:export\s+)?(ACCESS|REFRESH)_TOKEN_SECRET=(.*)", line)
            if match:
                value = match[2].strip()
                if value[:1] == '"':
                    value = re.sub(r"\\(.)", r"\1", value[1:-1])
                found[match[1].lower()] = value.strip("'")
    return found


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def raw(key, header, payload, digest=hashlib.sha256):
    """Sign a header and a payload that are text, whatever it says."""
    text = b64(header.encode()) + "." + b64(payload.encode())
    mac = hmac.new(key.encode(), text.encode(), digest).digest()
    return text + "." + b64(mac)


def stray_bit(token):
    """The same bytes, with a bit that base64 does not use."""
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + digits[digits.index(token[-1]) ^ 1]


def make(user, session, email):
    keys = secrets()
    key, other = keys["access"], keys["refresh"]
    now = int(time.time())
    claims = {"_id": user, "email": email, "sid": session,
              "iat": now, "exp": now + 900}
    good = '{"alg":"HS256","typ":"JWT"}'
    text = json.dumps(claims)

    def with_claims(**changes):
        changed = {**claims, **changes}
        return jwt.encode({k: v for k, v in changed.items() if v is not None},
                          key, algorithm="HS256")

    def payload(text):
        return raw(key, good, text)

    def header(text_of_header):
        return raw(key, text_of_header, text)

    valid = jwt.encode(claims, key, algorithm="HS256")
    head, body, mac = valid.split(".")
    yield "valid", valid
    yield "raw", raw(key, good, text)
    yield "no_typ", header('{"alg":"HS256"}')
    yield "kid", header('{"alg":"HS256","typ":"JWT","kid":"1"}')
    yield "more_claims", with_claims(admin=True, aud="x", iss="y")
    yield "iat_50_s_ahead", with_claims(iat=now + 50)
    yield "nbf_past", with_claims(nbf=now - 1)
    yield "lasts_for_ever", with_claims(exp=now + 10**9)
    yield "another_email", with_claims(email="old@example.org")

    yield "expired", with_claims(exp=now - 1)
    yield "expired_now", with_claims(exp=now)
    yield "expired_long_ago", with_claims(iat=1, exp=2)

    yield "alg_none", jwt.encode(claims, None, algorithm="none")
    yield "alg_none_signed", header('{"alg":"none","typ":"JWT"}')
    yield "alg_None_signed", header('{"alg":"None","typ":"JWT"}')
    yield "alg_lower_case", header('{"alg":"hs256","typ":"JWT"}')
    yield "alg_missing", header('{"typ":"JWT"}')
    yield "alg_null", header('{"alg":null,"typ":"JWT"}')
    yield "alg_array", header('{"alg":["HS256"],"typ":"JWT"}')
    yield "alg_RS256", header('{"alg":"RS256","typ":"JWT"}')
    yield "hs384", jwt.encode(claims, key, algorithm="HS384")
    yield "hs512", jwt.encode(claims, key, algorithm="HS512")
    yield "hs384_called_hs256", raw(key, good, text, hashlib.sha384)
    yield "hs256_called_hs384", header('{"alg":"HS384","typ":"JWT"}')
    yield "wrong_secret", jwt.encode(claims, "x" * 64, algorithm="HS256")
    yield "empty_secret", raw("", good, text)
    yield "other_secret", jwt.encode(claims, other, algorithm="HS256")
    yield "secret_and_newline", raw(key + "\n", good, text)
    forged = b64(text.replace(email, "eve@example.org").encode())
    yield "tampered_payload", head + "." + forged + "." + mac
    yield "tampered_header", (b64(b'{"typ":"JWT","alg":"HS256"}') + "." + body +
                              "." + mac)
    yield "tampered_mac", head + "." + body + "." + b64(b"\0" * 32)
    yield "cut_mac", head + "." + body + "." + mac[:20]
    yield "jwk_in_header", raw("x" * 32, json.dumps(
        {"alg": "HS256", "jwk": {"kty": "oct", "k": b64(b"x" * 32)}}), text)
    yield "expired_and_wrong_secret", jwt.encode(
        {**claims, "exp": 1}, "x" * 64, algorithm="HS256")

    yield "no_mac", head + "." + body + "."
    yield "two_parts", head + "." + body
    yield "four_parts", valid + "." + mac
    yield "no_header", "." + body + "." + mac
    yield "no_payload", head + ".." + mac
    yield "padded", valid + "="
    yield "padded_payload", head + "." + body + "=." + mac
    yield "plain_base64", head + "." + body + "." + mac[:-2] + "+/"
    yield "stray_bit", stray_bit(valid)
    yield "comma", head + "." + body + "." + mac + ","
    yield "header_no_json", raw(key, "x", text)
    yield "header_array", raw(key, '["HS256"]', text)
    yield "header_junk", header(good + "x")
    yield "header_alg_twice", header('{"alg":"none","alg":"HS256"}')
    yield "json_serialization", json.dumps(
        {"protected": head, "payload": body, "signature": mac})
    yield "over_4_kib", with_claims(pad="x" * 4096)

    yield "exp_missing", with_claims(exp=None)
    yield "exp_string", with_claims(exp=str(now + 900))
    yield "exp_float", payload(text.replace(str(now + 900), f"{now + 900}.0"))
    yield "exp_fraction", payload(text.replace(str(now + 900), f"{now + 900}.5"))
    yield "exp_exponent", payload(text.replace(str(now + 900), "9e9"))
    yield "exp_null", payload(text.replace(str(now + 900), "null"))
    yield "exp_true", payload(text.replace(str(now + 900), "true"))
    yield "exp_array", with_claims(exp=[now + 900])
    yield "exp_negative", with_claims(exp=-1)
    yield "exp_zero", with_claims(exp=0)
    yield "exp_huge", payload(text.replace(str(now + 900), "9" * 30))
    yield "iat_missing", with_claims(iat=None)
    yield "iat_string", payload(text.replace(f'"iat": {now}', f'"iat": "{now}"'))
    yield "iat_ahead", with_claims(iat=now + 120)
    yield "nbf_ahead", with_claims(nbf=now + 120)
    yield "nbf_string", payload(text[:-1] + ',"nbf":"x"}')
    yield "id_missing", with_claims(_id=None)
    yield "id_upper_case", with_claims(_id=user.upper())
    yield "id_without_dashes", with_claims(_id=user.replace("-", ""))
    yield "id_number", with_claims(_id=1)
    yield "id_empty", with_claims(_id="")
    yield "id_quote", with_claims(_id="' OR 1=1 -- ")
    yield "sid_missing", with_claims(sid=None)
    yield "sid_upper_case", with_claims(sid=session.upper())
    yield "sid_path", with_claims(sid="$.*")
    yield "email_missing", with_claims(email=None)
    yield "email_number", with_claims(email=1)
    yield "kind_refresh", jwt.encode(
        {"_id": user, "sid": session, "jti": "a" * 64, "iat": now,
         "exp": now + 900}, key, algorithm="HS256")
    yield "kind_both", with_claims(jti="a" * 64)
    yield "claim_twice", payload(text[:-1] + f',"sid":"{session}"}}')
    yield "exp_twice", payload(f'{{"exp":1,' + text[1:])
    yield "claim_nul", payload(text.replace(session, session + "\\u0000"))
    yield "payload_array", payload("[" + text + "]")
    yield "payload_string", payload('"' + user + '"')
    yield "payload_no_json", payload("x")
    yield "payload_junk", payload(text + "x")
    yield "crit", header('{"alg":"HS256","crit":["exp"],"exp":1}')
    yield "crit_b64", header('{"alg":"HS256","b64":true,"crit":["b64"]}')
    yield "typ_other", header('{"alg":"HS256","typ":"at+jwt"}')
    yield "expired_and_other_kind", with_claims(jti="a" * 64, exp=now - 1)

    nobody = "0190a000-0000-7000-8000-000000000000"
    yield "nobody", with_claims(_id=nobody)
    yield "no_session", with_claims(sid=nobody)


def main(command, *args):
    if command == "verify":
        key = secrets()[args[0]]
        for token in args[1:]:
            print(json.dumps(jwt.decode(token, key, algorithms=["HS256"])))
    elif command == "make":
        for name, token in make(*args):
            print(name, token)
    elif command == "sign":
        print(jwt.encode(json.loads(args[1]), secrets()[args[0]],
                         algorithm="HS256"))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
