# A stack that needs no provider and creates nothing outside its state: two `terraform_data` resources and a state object
# in S3. It is enough to see under which identity Terraform works. `cargo xtask demo` runs it against a local AWS.
#
# In an account of your own, with a bucket that the role may read and write:
#
#     rolewrap --iam-role arn:aws:iam::123456789012:role/deploy init -backend-config=bucket=NAME -backend-config=region=REGION
#     rolewrap --iam-role arn:aws:iam::123456789012:role/deploy apply

terraform {
  required_version = ">= 1.10"

  # The bucket and the region come from `-backend-config`: no credentials, no profile and no role are written here.
  backend "s3" {
    key          = "examples/stack.tfstate"
    use_lockfile = true
  }
}

variable "release" {
  description = "What is deployed."
  type        = string
  default     = "1.0.0"
}

variable "seconds" {
  description = "How long the work takes."
  type        = number
  default     = 0
}

resource "terraform_data" "release" {
  input = var.release
}

# Works for a while, and asks AWS from inside the run who it is. The answer appears in the output of `apply`, each time.
resource "terraform_data" "caller" {
  triggers_replace = plantimestamp()

  provisioner "local-exec" {
    command = "sleep ${var.seconds} && aws sts get-caller-identity --query Arn --output text"
  }
}

output "release" {
  value = terraform_data.release.output
}
