//! Opens a message as a browser does: RFC 8291 for the key, RFC 8188 for the content.

use aes_gcm::{
    Aes128Gcm, KeyInit,
    aead::{Aead, Nonce},
};
use hkdf::Hkdf;
use p256::{PublicKey, SecretKey};
use sha2::Sha256;

/// The header of the content, before the sender's point: a salt, the size of a record, the length of that point.
const SALT: usize = 16;
const RECORD: usize = 4;
const POINT: usize = 65;

/// In bytes, of each record.
const TAG: usize = 16;

/// The message is none, or not for this browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unopened;

/// What `body` says to the browser whose key and secret these are. One record is all that a push message has
/// (RFC 8291, section 4).
///
/// # Errors
/// When it is for somebody else, was changed, or is no message.
pub fn open(body: &[u8], secret: &SecretKey, auth: &[u8]) -> Result<Vec<u8>, Unopened> {
    let (salt, rest) = body.split_at_checked(SALT).ok_or(Unopened)?;
    let (record, rest) = rest.split_first_chunk::<RECORD>().ok_or(Unopened)?;
    let (&length, rest) = rest.split_first().ok_or(Unopened)?;
    let (point, sealed) = rest.split_at_checked(POINT).ok_or(Unopened)?;
    let record = usize::try_from(u32::from_be_bytes(*record)).map_err(|_| Unopened)?;
    if usize::from(length) != POINT || record <= TAG + 1 || sealed.len() > record {
        return Err(Unopened);
    }

    let sender = PublicKey::from_sec1_bytes(point).map_err(|_| Unopened)?;
    let shared = secret.diffie_hellman(&sender);
    let own = secret.public_key().to_sec1_bytes();
    let info = [b"WebPush: info\0", &own[..], point].concat();
    let keying: [u8; 32] = derive(auth, shared.raw_secret_bytes(), &info)?;
    let key: [u8; 16] = derive(salt, &keying, b"Content-Encoding: aes128gcm\0")?;
    let nonce: [u8; 12] = derive(salt, &keying, b"Content-Encoding: nonce\0")?;

    let cipher = Aes128Gcm::new(&key.into());
    let nonce = Nonce::<Aes128Gcm>::from(nonce);
    let padded = cipher.decrypt(&nonce, sealed).map_err(|_| Unopened)?;
    // The last record ends with a 2, and zeros behind it (RFC 8188, section 2).
    let end = padded.iter().rposition(|byte| *byte != 0).ok_or(Unopened)?;
    if padded[end] == 2 { Ok(padded[..end].to_vec()) } else { Err(Unopened) }
}

fn derive<const N: usize>(salt: &[u8], from: &[u8], info: &[u8]) -> Result<[u8; N], Unopened> {
    let mut derived = [0; N];
    Hkdf::<Sha256>::new(Some(salt), from).expand(info, &mut derived).map_err(|_| Unopened)?;
    Ok(derived)
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    /// RFC 8291, section 5 and appendix A.
    #[test]
    fn the_example_of_the_rfc_opens_and_nothing_like_it() {
        let secret = bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94");
        let secret = SecretKey::from_slice(&secret).unwrap();
        let auth = bytes("BTBZMqHH6r4Tts7J_aSIgg");
        let body = bytes(
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlml\
             MoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4M\
             qgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
        );
        let told = b"When I grow up, I want to be a watermelon";
        assert_eq!(open(&body, &secret, &auth), Ok(told.to_vec()));

        for index in 0..body.len() {
            let mut changed = body.clone();
            changed[index] ^= 1;
            // The size of the record says where the next one begins, and there is none.
            let is_size = (SALT..SALT + RECORD).contains(&index);
            assert!(is_size || open(&changed, &secret, &auth) == Err(Unopened), "byte {index}");
            assert_eq!(open(&body[..index], &secret, &auth), Err(Unopened), "{index} bytes");
        }
        assert_eq!(open(&body, &secret, &[0; 16]), Err(Unopened));
    }
}
