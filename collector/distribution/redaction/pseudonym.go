package redaction

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"os"
	"strings"
)

const (
	leastKeyBytes    = 32
	pseudonymLetters = 26
)

// pseudonymKey is a key with which pseudonyms are made, and the name that they carry of it.
type pseudonymKey struct {
	id     string
	secret []byte
}

// readKeys reads the files of the keys. The error is one sentence, and never has a part of a key.
func readKeys(configured []PseudonymKey) ([]pseudonymKey, error) {
	keys := make([]pseudonymKey, 0, len(configured))
	for _, each := range configured {
		secret, err := os.ReadFile(each.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("pseudonym_keys: the file of key %q cannot be read: %w", each.ID, err)
		}
		secret = bytes.TrimRight(secret, "\r\n")
		if len(secret) < leastKeyBytes {
			return nil, fmt.Errorf("pseudonym_keys: key %q in %s has %d bytes; use at least %d random ones",
				each.ID, each.KeyFile, len(secret), leastKeyBytes)
		}
		keys = append(keys, pseudonymKey{id: each.ID, secret: secret})
	}
	return keys, nil
}

var lowerBase32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// pseudonym is what stands for a value wherever it appears: p1.<key id>.<26 letters of an HMAC-SHA-256>. The class
// is part of what is signed, so that one text has different pseudonyms as a phone and as an account number.
func (k pseudonymKey) pseudonym(class uint32, canonical []byte) string {
	mac := hmac.New(sha256.New, k.secret)
	mac.Write([]byte(classNames[countedClass(class)]))
	mac.Write([]byte{0})
	mac.Write(canonical)
	return strings.Join([]string{"p1", k.id, lowerBase32.EncodeToString(mac.Sum(nil))[:pseudonymLetters]}, ".")
}
