package redaction

import (
	"math/big"
	"regexp"
	"strings"
)

// foundClasses are what a detector's finding is of, by its marker, and so the domain of its pseudonym.
var foundClasses = map[string]string{
	"[phone]": "msisdn", "[email]": "email", "[iban]": "iban", "[account]": "account", "[id]": "national-id",
}

var (
	separators    = regexp.MustCompile(`[\s.\-_/+]`)
	anAddress     = regexp.MustCompile(`^[^\s@]+@[^\s@]+$`)
	anIBAN        = regexp.MustCompile(`(?i)^[a-z]{2}\d{2}[a-z0-9]{11,30}$`)
	anID          = regexp.MustCompile(`^[\p{L}\p{N}]+$`)
	aNumber       = regexp.MustCompile(`^\+?[\d\s.\-/()]+$`)
	notDigits     = regexp.MustCompile(`\D`)
	international = regexp.MustCompile(`^(?:00|011(\d{10}))`)
	ofKenya       = regexp.MustCompile(`^[17]\d{8}$`)
	trunkZero     = regexp.MustCompile(`^(25\d|23\d|26\d|27)0`)
	anE164        = regexp.MustCompile(`^[1-9]\d{6,14}$`)
)

// canonicalOf is the one spelling of a value under which it is hashed, as packages/redaction/src/canonical.ts has it;
// empty for what cannot be of the class.
func canonicalOf(class, value string) string {
	value = trimmed(value)
	compact := separators.ReplaceAllString(value, "")
	switch {
	case class == "msisdn":
		return phoneDigits(value)
	case class == "email" && anAddress.MatchString(value):
		return strings.ToLower(value)
	case class == "iban" && anIBAN.MatchString(compact),
		(class == "account" || class == "national-id") && anID.MatchString(compact):
		return strings.ToUpper(compact)
	}
	return ""
}

// phoneDigits are those of ITU-T E.164; a number without its country is of Kenya, as in the application.
func phoneDigits(value string) string {
	if len(value) >= 4 && strings.EqualFold(value[:4], "tel:") {
		value = trimmed(value[4:])
	}
	if !aNumber.MatchString(value) {
		return ""
	}
	digits := notDigits.ReplaceAllString(strings.Replace(value, "(0)", "", 1), "")
	isWhole := strings.HasPrefix(value, "+")
	switch {
	case international.MatchString(digits):
		digits = international.ReplaceAllString(digits, "$1")
	case strings.HasPrefix(digits, "0") && !isWhole:
		digits = "254" + digits[1:]
	case ofKenya.MatchString(digits) && !isWhole:
		digits = "254" + digits
	}
	digits = trunkZero.ReplaceAllString(digits, "$1")
	if !anE164.MatchString(digits) {
		return ""
	}
	return digits
}

// isIBAN says whether an account's number is one, by ISO 7064, mod 97-10.
func isIBAN(value string) bool {
	iban := canonicalOf("iban", value)
	if iban == "" {
		return false
	}
	var digits strings.Builder
	for _, each := range iban[4:] + iban[:4] {
		if each >= 'A' {
			digits.WriteString(big.NewInt(int64(each-'A') + 10).String())
		} else {
			digits.WriteRune(each)
		}
	}
	number, ok := new(big.Int).SetString(digits.String(), 10)
	return ok && number.Mod(number, big.NewInt(97)).Int64() == 1
}
