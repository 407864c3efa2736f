package redaction

import (
	"errors"
	"fmt"
	"regexp"
)

// Config is what the file says of the processor. What is redacted is not configurable: it is the engine's and the
// registry's to say.
type Config struct {
	// Keys of pseudonyms, for attributes that the registry says to hash and for what identifies a person wherever it is
	// found. The first makes them; without any there are markers instead.
	PseudonymKeys []PseudonymKey `mapstructure:"pseudonym_keys"`
}

// PseudonymKey names a key and the file that it is in.
type PseudonymKey struct {
	// Stands in every pseudonym, so that a reader knows which key made it.
	ID string `mapstructure:"id"`
	// A file of id=base64 lines, the same that applications have. At least 32 bytes.
	KeyFile string `mapstructure:"key_file"`
}

var keyID = regexp.MustCompile(`^[a-z0-9]{1,16}$`)

// saidOf quotes an id, but not one so long that it may be the key itself in the wrong place.
func saidOf(id string) string {
	if len(id) > 16 {
		return fmt.Sprintf("of %d characters", len(id))
	}
	return fmt.Sprintf("%q", id)
}

// Validate says in one sentence what is wrong.
func (c *Config) Validate() error {
	seen := map[string]bool{}
	for index, each := range c.PseudonymKeys {
		switch {
		case !keyID.MatchString(each.ID):
			return fmt.Errorf("pseudonym_keys: the id of key %d is %s; use 1 to 16 of a to z and 0 to 9", index+1, saidOf(each.ID))
		case each.KeyFile == "":
			return fmt.Errorf("pseudonym_keys: key %q has no key_file; name the file of id=base64 lines that it is in", each.ID)
		case seen[each.ID]:
			return fmt.Errorf("pseudonym_keys: two keys have the id %q; give each its own", each.ID)
		}
		seen[each.ID] = true
	}
	if len(engineModule) == 0 {
		return errors.New("the redaction engine is missing from this build")
	}
	return nil
}
