// Prints who STS takes the caller for, with whatever credentials the SDK finds by itself.

import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

const identity = await new STSClient({}).send(new GetCallerIdentityCommand({}));
console.log(identity.Arn);
