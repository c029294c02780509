#!/bin/bash
# Mails are what another implementation takes them for, also once msmtp has sent
# them.
cd "$(dirname "$0")/../.." || exit 1
exec tests/mail/check.py "${O:-build}/tests/unit"
