use std::fmt::{self, Write};

use aws_lc_rs::hmac;
use rolewrap_core::Secret;

use super::fields::FieldWriter;
use super::sealed::VERSION;
use super::{SealingKey, entry_name::EntryName};
use crate::{AssumeRoleRequest, Partition, StsClient, StsSettings};

/// Everything that shapes a session: whom it is asked of, with which base credentials, and what for. Two runs whose
/// recipes are equal would get sessions that are as good as each other; a recipe that differs in anything is another
/// entry of the cache.
///
/// It holds secrets, because credentials shape the answer. It is wiped when it is dropped, `Debug` shows none of it,
/// and it leaves the process as a keyed digest only.
pub struct Recipe(FieldWriter);

impl Recipe {
    /// One that starts with how STS is reached for roles in `partition`.
    pub fn new(sts: &StsSettings, partition: Partition) -> Self {
        let mut recipe = Self(FieldWriter::default());
        recipe.part("version", &[VERSION]);
        recipe.sts(sts, partition);
        recipe
    }

    /// One for an MFA session that `client` asks for. AWS takes such a session in all regions of a partition, so neither the
    /// region counts nor the way there. What the global endpoint gave is not taken in every region, and what another
    /// endpoint gave is its own.
    pub fn of_mfa_session(client: &StsClient) -> Self {
        let mut recipe = Self(FieldWriter::default());
        recipe.part("version", &[VERSION]);
        let fields = &mut recipe.0;
        fields.text("mfa session");
        fields.text(&client.region().partition().to_string());
        fields.optional(client.custom_endpoint());
        fields.number(u64::from(client.is_global()));
        recipe
    }

    /// Adds something that shapes the session and that this crate knows nothing of: what the base credentials are
    /// told apart by, the serial number of an MFA device, the subject of a web identity. The order counts.
    pub fn part(&mut self, name: &str, value: &[u8]) {
        self.0.text(name);
        self.0.bytes(value);
    }

    /// Adds a request for a role, after those of the hops before it. The MFA code is spent with the request: whose
    /// device showed it is what shapes the session.
    pub fn request(&mut self, request: &AssumeRoleRequest) {
        let parameters = request.parameters();
        self.0.text("assume role");
        self.0.number(parameters.len() as u64);
        for parameter in &parameters {
            self.part(&parameter.name, parameter.value.expose().as_bytes());
        }
    }

    fn sts(&mut self, sts: &StsSettings, partition: Partition) {
        // The way counts too, since who waits for another process takes its failure as well. Times and attempts do not.
        let StsSettings {
            region,
            endpoint_url,
            use_fips,
            use_dual_stack,
            use_global_endpoint,
            ca_bundle,
            http_proxy,
            https_proxy,
            no_proxy,
            connect_timeout: _,
            attempt_timeout: _,
            total_timeout: _,
            max_attempts: _,
            max_throttled_attempts: _,
            initial_backoff: _,
        } = sts;
        let fields = &mut self.0;
        fields.text("sts");
        fields.text(&partition.to_string());
        fields.optional(region.as_ref().map(crate::Region::as_str));
        fields.optional(endpoint_url.as_deref());
        for flag in [use_fips, use_dual_stack, use_global_endpoint] {
            fields.number(u64::from(*flag));
        }
        let bundle = ca_bundle.as_ref().map(|path| path.as_os_str().as_encoded_bytes());
        fields.number(u64::from(bundle.is_some()));
        fields.bytes(bundle.unwrap_or_default());
        for proxy in [http_proxy, https_proxy] {
            fields.optional(proxy.as_ref().map(Secret::expose));
        }
        fields.optional(no_proxy.as_deref());
    }

    /// A digest, in hexadecimal digits, that tells nothing to who does not have `key`.
    pub fn digest(&self, key: &Secret) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key.expose().as_bytes());
        let digest = hmac::sign(&key, self.0.as_bytes());
        digest.as_ref().iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// The name of the entry of this kind, which tells nothing to who does not have the key.
    pub(super) fn name(&self, key: &SealingKey, kind: &str) -> EntryName {
        EntryName(key.digest(&format!("naming entries: {kind}"), self.0.as_bytes()))
    }
}

impl fmt::Debug for Recipe {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Recipe(…)")
    }
}
