package redaction

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"regexp"
	"strings"
	"unicode"
)

const pseudonymLetters = 26

// pseudonymKey is a key with which pseudonyms are made, and the name that they carry of it.
type pseudonymKey struct {
	id     string
	secret []byte
}

var lowerBase32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// pseudonym is what stands for a value wherever it appears: p1.<key id>.<26 letters of an HMAC-SHA-256>, as
// packages/redaction/src/pseudonym.ts makes it. The domain is signed too, so that one text has nothing in common with
// itself as what identifies a customer and a device.
func (k pseudonymKey) pseudonym(domain, canonical string) string {
	mac := hmac.New(sha256.New, k.secret)
	mac.Write([]byte(domain))
	mac.Write([]byte{0})
	mac.Write([]byte(canonical))
	return strings.Join([]string{"p1", k.id, lowerBase32.EncodeToString(mac.Sum(nil))[:pseudonymLetters]}, ".")
}

// trimmed is a text without the white space around it, as JavaScript trims it.
func trimmed(text string) string {
	return strings.TrimFunc(text, func(each rune) bool {
		return each == '\ufeff' || unicode.IsSpace(each) && each != '\u0085'
	})
}

var ofDevice = regexp.MustCompile(`(?:^|\.)(?:mac|device|installation)\.`)

// domainOf is what an attribute that the registry hashes identifies.
func domainOf(path string) string {
	switch {
	case strings.HasPrefix(path, "finance.customer."):
		return "customer"
	case strings.HasPrefix(path, "finance.counterparty."):
		return "counterparty"
	case ofDevice.MatchString(path):
		return "device"
	}
	return "user"
}

// pathOf is the path of a member: two names are enough, {card: {number}} is a card's number.
func pathOf(parent, name string) string {
	last := parent[strings.LastIndexByte(parent, '.')+1:]
	if last == "" {
		return name
	}
	return last + "." + name
}
