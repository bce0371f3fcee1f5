// The same as identity.mjs, with version 2 of the SDK. It does not read AWS_ENDPOINT_URL_STS by itself.

process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = "1";
const AWS = require("aws-sdk");

const sts = new AWS.STS({ endpoint: process.env.AWS_ENDPOINT_URL_STS ?? process.env.AWS_ENDPOINT_URL });
sts.getCallerIdentity({}, (error, identity) => {
  if (error) {
    console.error(String(error));
    process.exit(1);
  }
  console.log(identity.Arn);
});
