"""GetSessionToken for moto: sessions of users, and an MFA device whose codes are taken once."""

import base64
import hmac
import struct
import time
import uuid
from datetime import timedelta

from botocore.credentials import Credentials
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.iam import access_control
from moto.iam.access_control import IAMUserAccessKey
from moto.iam.models import AccessKey, iam_backends
from moto.iam.policy_conditions import CONDITION_OPERATIONS
from moto.sts.exceptions import STSClientError
from moto.sts.responses import TokenResponse

DEVICE = "arn:aws:iam::999999999999:mfa/ci"
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
REFUSAL = "MultiFactorAuthentication failed with invalid MFA one time pass code. "

# What GetSessionToken gave: the token for each access key id, and whether a code was shown for it.
user_sessions = {}
taken_codes = set()


def mend_get_session_token():
    TokenResponse.get_session_token = get_session_token
    create = access_control.create_access_key
    access_control.create_access_key = lambda **named: (
        UserSessionKey(**named) if named["access_key_id"] in user_sessions else create(**named)
    )
    # Of the conditions in trust policies, moto knows one.
    CONDITION_OPERATIONS["Bool"] = CONDITION_OPERATIONS["StringEquals"]


class UserSessionKey(IAMUserAccessKey):
    """A key of GetSessionToken, which may do what its user may."""

    def __init__(self, headers, **named):
        super().__init__(headers={}, **named)
        self.token, self.has_mfa = user_sessions[self._access_key_id]
        if headers.get("X-Amz-Security-Token") != self.token:
            raise access_control.CreateAccessKeyFailure(reason="InvalidToken")

    def create_credentials(self):
        return Credentials(self._access_key_id, self._secret_access_key, self.token)


def get_session_token(response):
    iam = iam_backends[response.current_account][response.partition]
    signer = response.get_access_key()
    user = next(user for user in iam.list_users("/", None, None) if signer in [k.access_key_id for k in user.access_keys])
    code = response._get_param("TokenCode")
    if code is not None:
        if response._get_param("SerialNumber") != DEVICE or code in taken_codes or code not in codes_of_now():
            raise STSClientError("AccessDenied", REFUSAL)
        taken_codes.add(code)
    key = AccessKey(user.name, "ASIA", response.current_account)
    user.access_keys.append(key)
    iam.access_keys[key.access_key_id] = key
    token = f"session-of-{uuid.uuid4()}"
    user_sessions[key.access_key_id] = (token, code is not None)
    seconds = response._get_int_param("DurationSeconds", 43200)
    return ActionResult(
        {
            "Credentials": {
                "AccessKeyId": key.access_key_id,
                "SecretAccessKey": key.secret_access_key,
                "SessionToken": token,
                "Expiration": utcnow() + timedelta(seconds=seconds),
            }
        }
    )


def codes_of_now():
    """The codes of RFC 6238 that the device shows now, and those before and after it."""
    for step in (-1, 0, 1):
        digest = hmac.digest(base64.b32decode(SEED), struct.pack(">Q", int(time.time()) // 30 + step), "sha1")
        number = struct.unpack(">I", digest[digest[19] & 15 :][:4])[0] & 0x7FFFFFFF
        yield f"{number % 1_000_000:06}"
