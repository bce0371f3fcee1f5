"""AWS for the tests: STS, IAM and S3 with their permissions enforced.

Prints one JSON line as soon as everything is set up, and ends when standard input is closed, so that it never
outlives the test that started it.
"""

import argparse
import json
import logging
import os
import sys
import threading
import uuid
from xml.sax.saxutils import escape

import boto3
from moto import settings
from moto.core.exceptions import _RESTError
from moto.core.utils import utcnow
from moto.iam.access_control import AssumedRoleAccessKey, IAMPolicy, IAMRequestBase, PermissionResult, S3IAMRequest
from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends
from moto.iam.policy_conditions import TrustCondition
from moto.iam.utils import format_incoming_conditional_values
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.s3.exceptions import S3ClientError
from moto.sts.models import AssumedRole, sts_backends
from moto.sts.responses import TokenResponse
from moto.utilities.utils import get_partition
from werkzeug.exceptions import HTTPException
from werkzeug.serving import make_server

# The interpreter is isolated, and knows of no file beside this one.
# This folder is the checkout, and stays as it is.
sys.dont_write_bytecode = True
sys.path.append(os.path.dirname(os.path.abspath(__file__)))
import moto_mfa

SECURITY_ACCOUNT = "999999999999"
DEPLOY_ACCOUNT = "111111111111"
REGION = "eu-west-1"
BUCKET = "rolewrap-state"
EXTERNAL_ID = "rolewrap-lab"
CI_USER = f"arn:aws:iam::{SECURITY_ACCOUNT}:user/ci"
HUB = f"arn:aws:iam::{SECURITY_ACCOUNT}:role/hub"
REFUSAL = """<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>
  <RequestId>{request_id}</RequestId>
</ErrorResponse>
"""


def mend_moto(revocation):
    """Make moto as strict as AWS, and refuse in the same words."""
    # moto looks for the role in the caller's account only, and lets every role of another account be assumed.
    IAMRequestBase._is_assuming_role_operation = lambda request, arn: request._action == "sts:AssumeRole"
    IAMRequestBase._check_role_trust_relationship = is_trusted

    # moto takes a condition whose key is not in the request as met.
    verify = TrustCondition.verify_condition
    TrustCondition.verify_condition = lambda condition, actual: len(actual) == len(condition.context_keys) and verify(
        condition, actual
    )

    # moto refuses in the words of EC2, in which only boto3 finds the error code.
    authorize = TokenResponse._authenticate_and_authorize_normal_action
    TokenResponse._authenticate_and_authorize_normal_action = lambda response, resource: refuse_as_sts(
        authorize, response, resource
    )

    # moto gives everybody the same key for GetSessionToken, which it does not know afterwards.
    moto_mfa.mend_get_session_token()

    # moto lets a session be used for ever.
    identify = IAMRequestBase.__init__
    IAMRequestBase.__init__ = lambda request, *args, **named: refuse_expired(
        revocation, identify, request, *args, **named
    )


def shorten_sessions(seconds):
    """Let every session of a role end after so many seconds, which AWS does not do below 900."""
    begin = AssumedRole.__init__

    def begin_short(role, **named):
        begin(role, **named | {"duration": seconds})
        # AWS answers with whole seconds, and means them.
        role.expiration = role.expiration.replace(microsecond=0)

    AssumedRole.__init__ = begin_short


class Revocation:
    """Ends all sessions of roles that there are, once for each time that somebody makes the file at `path`."""

    def __init__(self, path):
        self.path = path
        self.lock = threading.Lock()

    def look(self):
        with self.lock:
            try:
                os.remove(self.path)
            except FileNotFoundError:
                return
            for account in sts_backends.values():
                for backend in account.values():
                    for session in backend.assumed_roles:
                        session.end = utcnow()


def refuse_expired(revocation, identify, request, *args, **named):
    identify(request, *args, **named)
    key = request._access_key
    if not isinstance(key, AssumedRoleAccessKey):
        return
    if revocation:
        revocation.look()
    sessions = sts_backends[key.account_id][key.partition]
    session = sessions.get_assumed_role_from_access_key(key._access_key_id)
    if utcnow() < getattr(session, "end", session.expiration):
        return
    if isinstance(request, S3IAMRequest):
        raise S3ClientError("ExpiredToken", "The provided token has expired.")
    refusal = _RESTError("ExpiredToken", "The security token included in the request is expired")
    refusal.code = 403
    raise refusal


def refuse_as_sts(authorize, response, resource):
    try:
        authorize(response, resource)
    except HTTPException as refusal:
        place = f" on resource: {resource}" if refusal.error_type == "AccessDenied" and resource != "*" else ""
        refusal.description = REFUSAL.format(
            code=refusal.error_type, message=escape(refusal.message + place), request_id=uuid.uuid4()
        )
        raise


def is_trusted(request, role_arn):
    account = role_arn.split(":")[4]
    try:
        role = iam_backends[account][get_partition(request._region)].get_role_by_arn(role_arn)
    except NotFoundException:
        return False
    policy = IAMPolicy(role.assume_role_policy_document)
    values = format_incoming_conditional_values(request._data)
    if getattr(request._access_key, "has_mfa", False):
        values["aws:MultiFactorAuthPresent"] = "true"
    return any(
        policy.is_action_permitted(request._action, role_arn, caller, values) == PermissionResult.PERMITTED
        for caller in callers(request._access_key.arn)
    )


def callers(arn):
    """Whom a trust policy may name to mean the caller: for a session also the role that it is of."""
    yield arn
    _, partition, _, _, account, resource = arn.split(":", 5)
    kind, _, name = resource.partition("/")
    if kind == "assumed-role":
        yield f"arn:{partition}:iam::{account}:role/{name.split('/')[0]}"


def allow(actions, resources):
    return {"Effect": "Allow", "Action": actions, "Resource": resources}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(user, condition=None):
    statement = {"Effect": "Allow", "Principal": {"AWS": user}, "Action": "sts:AssumeRole"}
    return document(statement | ({"Condition": condition} if condition else {}))


def client(service, endpoint, account):
    made = boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="unchecked",
        aws_secret_access_key="unchecked",
    )
    made.meta.events.register(
        "before-sign.*", lambda request, **_: request.headers.add_header("x-moto-account-id", account)
    )
    return made


def add_user(iam, name, policy):
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName=name, PolicyDocument=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"access_key_id": key["AccessKeyId"], "secret_access_key": key["SecretAccessKey"]}


def furnish(endpoint):
    """Create the users, the roles and the bucket, and return the keys."""
    security = client("iam", endpoint, SECURITY_ACCOUNT)
    deploy = client("iam", endpoint, DEPLOY_ACCOUNT)
    named = [f"arn:aws:iam::{DEPLOY_ACCOUNT}:role/{name}" for name in ("deploy", "external", "guarded", "untrusting", "missing")]
    policy = document(allow("sts:AssumeRole", [*named, HUB]), allow("sts:GetSessionToken", "*"))
    base = add_user(security, "ci", policy)
    security.create_role(RoleName="hub", AssumeRolePolicyDocument=trust(CI_USER))
    beyond = [f"arn:aws:iam::{DEPLOY_ACCOUNT}:role/{name}" for name in ("chained", "deploy")]
    security.put_role_policy(
        RoleName="hub", PolicyName="chain", PolicyDocument=document(allow("sts:AssumeRole", beyond))
    )
    admin = add_user(deploy, "admin", document(allow("s3:*", "*")))

    trusts = {
        "deploy": trust(CI_USER),
        "external": trust(CI_USER, {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}}),
        "guarded": trust(CI_USER, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        "forbidden": trust(CI_USER),
        "chained": trust(HUB, {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}}),
        "untrusting": trust(f"arn:aws:iam::{DEPLOY_ACCOUNT}:user/admin"),
    }
    state = [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"]
    for name, trust_policy in trusts.items():
        deploy.create_role(RoleName=name, AssumeRolePolicyDocument=trust_policy)
        deploy.put_role_policy(RoleName=name, PolicyName="state", PolicyDocument=document(allow("s3:*", state)))

    client("s3", endpoint, DEPLOY_ACCOUNT).create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    return {"base": base, "admin": admin}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--session-seconds", type=int, help="how long every session of a role lasts")
    arguments.add_argument("--revocation", help="a file that whoever makes it revokes all sessions with")
    arguments.add_argument("--let-all", action="store_true", help="do not enforce permissions")
    chosen = arguments.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    mend_moto(Revocation(chosen.revocation) if chosen.revocation else None)
    if chosen.session_seconds:
        shorten_sessions(chosen.session_seconds)
    server = make_server(
        "127.0.0.1",
        0,
        DomainDispatcherApplication(create_backend_app),
        threaded=True,
        request_handler=MotoRequestHandler,
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.port}"

    keys = furnish(endpoint)
    # From here on every call is authenticated and authorised.
    if not chosen.let_all:
        settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
    facts = {
        "endpoint": endpoint,
        "region": REGION,
        "bucket": BUCKET,
        "external_id": EXTERNAL_ID,
        "mfa_device": moto_mfa.DEVICE,
        "mfa_seed": moto_mfa.SEED,
        "security_account": SECURITY_ACCOUNT,
        "deploy_account": DEPLOY_ACCOUNT,
    }
    print(json.dumps(facts | keys), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
