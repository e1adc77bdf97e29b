//! Signatures and hashes of ID tokens for native programs: RFC 7518, section 3; RFC 8037, section 3.1.

use alloc::vec::Vec;

use rsa::signature::Verifier;
use rsa::{BoxedUint, PublicKey, pkcs1v15, pss};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::id_token::{CheckOutcome, IdTokenCheck, Job};

impl IdTokenCheck {
    /// Does the job.
    #[must_use]
    pub fn run(&self) -> CheckOutcome {
        CheckOutcome {
            is_signed: self.job.is_signed().is_some(),
            digests: self
                .job
                .texts_to_hash
                .each_ref()
                .map(|text| self.job.digest(text)),
        }
    }
}

impl Job {
    fn digest(&self, text: &str) -> Vec<u8> {
        if text.is_empty() {
            return Vec::new();
        }
        match self.algorithm.hash_bytes() {
            32 => Sha256::digest(text).to_vec(),
            48 => Sha384::digest(text).to_vec(),
            _ => Sha512::digest(text).to_vec(),
        }
    }

    fn is_signed(&self) -> Option<()> {
        let (input, signature) = (self.input.as_bytes(), self.signature.as_slice());
        let [first, second] = &self.numbers;
        let rsa = || {
            let number = |bytes: &[u8]| BoxedUint::from_be_slice_vartime(bytes);
            PublicKey::new(number(first), number(second)).ok()
        };
        // Not compressed: SEC 1, section 2.3.3.
        let point = || [&[4], first.as_slice(), second].concat();
        match self.algorithm.name() {
            "RS256" => is_signed(
                &pkcs1v15::VerifyingKey::<Sha256>::new(rsa()?),
                input,
                signature,
            ),
            "RS384" => is_signed(
                &pkcs1v15::VerifyingKey::<Sha384>::new(rsa()?),
                input,
                signature,
            ),
            "RS512" => is_signed(
                &pkcs1v15::VerifyingKey::<Sha512>::new(rsa()?),
                input,
                signature,
            ),
            // The salt is as long as the hash (RFC 7518, section 3.5).
            "PS256" => is_signed(&pss::VerifyingKey::<Sha256>::new(rsa()?), input, signature),
            "PS384" => is_signed(&pss::VerifyingKey::<Sha384>::new(rsa()?), input, signature),
            "PS512" => is_signed(&pss::VerifyingKey::<Sha512>::new(rsa()?), input, signature),
            "ES256" => {
                let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&point()).ok()?;
                is_signed::<p256::ecdsa::Signature>(&key, input, signature)
            }
            "ES384" => {
                let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(&point()).ok()?;
                is_signed::<p384::ecdsa::Signature>(&key, input, signature)
            }
            "ES512" => {
                let key = p521::ecdsa::VerifyingKey::from_sec1_bytes(&point()).ok()?;
                is_signed::<p521::ecdsa::Signature>(&key, input, signature)
            }
            _ => {
                let key =
                    ed25519_dalek::VerifyingKey::from_bytes(first.as_slice().try_into().ok()?);
                let signature = ed25519_dalek::Signature::from_slice(signature).ok()?;
                key.ok()?.verify_strict(input, &signature).ok()
            }
        }
    }
}

/// `None` where the bytes are no such signature, or not the key's.
fn is_signed<S: for<'s> TryFrom<&'s [u8]>>(
    key: &impl Verifier<S>,
    input: &[u8],
    signature: &[u8],
) -> Option<()> {
    key.verify(input, &S::try_from(signature).ok()?).ok()
}
