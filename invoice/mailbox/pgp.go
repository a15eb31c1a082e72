package mailbox

import "bytes"

// isPGP reports whether the bytes are an OpenPGP message that only a key or a
// password opens (RFC 9580 §6.2, §5.1 and §5.3): in letters, or a session key
// packet, by its tag, version and algorithms.
func isPGP(data []byte) bool {
	if bytes.HasPrefix(data, []byte("-----BEGIN PGP MESSAGE-----")) {
		return true
	}
	const keyID = 8
	if len(data) < 4+keyID {
		return false
	}
	tag, body := data[0]&0x3f, data[2:]
	switch {
	case data[0]&0xc0 == 0x80: // the older form: the length of the length follows the tag (§4.2.2)
		tag >>= 2
		body = data[1+1<<(data[0]&3):]
	case data[0]&0xc0 != 0xc0:
		return false
	case data[1] >= 192: // a length of two octets (§4.2.1.2)
		body = data[3:]
	}
	switch {
	case tag == 1 && body[0] == 3: // for a public key: version, key, algorithm (§9.1)
		return len(body) > 1+keyID && bytes.IndexByte([]byte{1, 2, 16, 18, 25, 26}, body[1+keyID]) >= 0
	case tag == 3 && body[0] == 4: // for a password: version, cipher, how the key is made of it (§9.3, §3.7.1)
		return body[1] >= 1 && body[1] <= 13 && bytes.IndexByte([]byte{0, 1, 3, 4}, body[2]) >= 0
	}
	return false
}
