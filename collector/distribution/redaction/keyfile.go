package redaction

import (
	"encoding/base64"
	"fmt"
	"os"
	"regexp"
	"strings"
)

const leastKeyBytes = 32

var isBase64 = regexp.MustCompile(`^[A-Za-z0-9+/_-]+={0,2}$`)

// readKeys reads the keys from their files. The error is one sentence, and never has a part of a key.
func readKeys(configured []PseudonymKey) ([]pseudonymKey, error) {
	keys := make([]pseudonymKey, 0, len(configured))
	for _, each := range configured {
		text, err := os.ReadFile(each.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("pseudonym_keys: the file of key %q cannot be read: %w", each.ID, err)
		}
		secret, err := keyIn(string(text), each)
		if err != nil {
			return nil, err
		}
		if len(secret) < leastKeyBytes {
			return nil, fmt.Errorf("pseudonym_keys: key %q in %s is %d bytes; use at least %d random bytes",
				each.ID, each.KeyFile, len(secret), leastKeyBytes)
		}
		keys = append(keys, pseudonymKey{id: each.ID, secret: secret})
	}
	return keys, nil
}

// keyIn finds a key in the text of a file as Assay's applications have it: lines of id=base64, of which empty ones
// and those that begin with # are left out.
func keyIn(text string, wanted PseudonymKey) ([]byte, error) {
	for index, line := range strings.Split(text, "\n") {
		entry := strings.TrimSpace(line)
		if entry == "" || strings.HasPrefix(entry, "#") {
			continue
		}
		id, written, _ := strings.Cut(entry, "=")
		if strings.TrimSpace(id) != wanted.ID {
			continue
		}
		written = strings.TrimSpace(written)
		if !isBase64.MatchString(written) {
			return nil, fmt.Errorf(`pseudonym_keys: line %d of %s is not base64 after the "="; write what openssl rand -base64 32 prints`,
				index+1, wanted.KeyFile)
		}
		return decode(written, wanted, index+1)
	}
	return nil, fmt.Errorf("pseudonym_keys: %s has no key %q; write it as a line of id=base64", wanted.KeyFile, wanted.ID)
}

// decode takes both alphabets of base64, padded or not, as Node does.
func decode(written string, wanted PseudonymKey, line int) ([]byte, error) {
	plain := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(written, "="))
	secret, err := base64.RawStdEncoding.DecodeString(plain)
	if err != nil {
		return nil, fmt.Errorf("pseudonym_keys: line %d of %s is not whole base64; write what openssl rand -base64 32 prints",
			line, wanted.KeyFile)
	}
	return secret, nil
}
