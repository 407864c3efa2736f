package redaction

import (
	"encoding/base64"
	"os"
	"strings"
	"testing"
)

func keyFile(t testing.TB, text string) string {
	t.Helper()
	path := t.TempDir() + "/keys"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func keyOf(letter string, count int) string {
	return base64.StdEncoding.EncodeToString([]byte(strings.Repeat(letter, count)))
}

func TestTheFirstKeyMakesPseudonymsOfWhatTheRegistryHashes(t *testing.T) {
	file := keyFile(t, "# newest first\n\nk2="+keyOf("k", 32)+"\r\nk1 = "+keyOf("o", 40)+"\n")
	n := start(t, fakeModule, &Config{PseudonymKeys: []PseudonymKey{{ID: "k2", KeyFile: file}, {ID: "k1", KeyFile: file}}})
	// printf 'user\0usr_1' | openssl dgst -sha256 -hmac kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk -binary | base32 | head -c 26
	const want = "p1.k2.k7gipjdza6csgxwjrgglkmbjac"
	same(t, n.through(t, map[string]any{"person": "usr_1", "other": "usr_1", "x": map[string]any{"person": "usr_1"}}),
		map[string]any{"person": want, "other": "usr_1", "x": map[string]any{"person": want}})
}

func TestADomainIsWhatTheAttributeIdentifies(t *testing.T) {
	for path, want := range map[string]string{
		"finance.customer.id": "customer", "finance.counterparty.id": "counterparty", "user.id": "user", "enduser.id": "user",
		"device.id": "device", "client.mac.address": "device", "app.installation.id": "device",
	} {
		same(t, domainOf(path), want)
	}
	same(t, pathOf("a.b.user", "id"), "user.id")
	same(t, pathOf("", "id"), "id")
}

func TestConfigurationIsRefusedInOneSentence(t *testing.T) {
	short, missing := keyFile(t, "a="+keyOf("k", 31)+"\nb=no base64!\nc=abcde"), t.TempDir()+"/none"
	cases := []struct {
		keys []PseudonymKey
		want string
	}{
		{[]PseudonymKey{{ID: "a.b", KeyFile: short}}, `pseudonym_keys: the id of key 1 is "a.b"; use 1 to 16 of a to z and 0 to 9`},
		{[]PseudonymKey{{ID: keyOf("k", 32), KeyFile: short}}, `pseudonym_keys: the id of key 1 is of 44 characters; use 1 to 16 of a to z and 0 to 9`},
		{[]PseudonymKey{{ID: "a"}}, `pseudonym_keys: key "a" has no key_file; name the file of id=base64 lines that it is in`},
		{[]PseudonymKey{{ID: "a", KeyFile: short}, {ID: "a", KeyFile: short}}, `pseudonym_keys: two keys have the id "a"; give each its own`},
		{[]PseudonymKey{{ID: "a", KeyFile: short}}, `pseudonym_keys: key "a" in ` + short + ` is 31 bytes; use at least 32 random bytes`},
		{[]PseudonymKey{{ID: "b", KeyFile: short}}, `pseudonym_keys: line 2 of ` + short + ` is not base64 after the "="; write what openssl rand -base64 32 prints`},
		{[]PseudonymKey{{ID: "c", KeyFile: short}}, `pseudonym_keys: line 3 of ` + short + ` is not whole base64; write what openssl rand -base64 32 prints`},
		{[]PseudonymKey{{ID: "d", KeyFile: short}}, `pseudonym_keys: ` + short + ` has no key "d"; write it as a line of id=base64`},
		{[]PseudonymKey{{ID: "a", KeyFile: missing}}, `pseudonym_keys: the file of key "a" cannot be read: open ` + missing + `: no such file or directory`},
	}
	for _, each := range cases {
		err := (&Config{PseudonymKeys: each.keys}).Validate()
		if err == nil {
			_, err = readKeys(each.keys)
		}
		if err == nil || err.Error() != each.want {
			t.Errorf("\n got %v\nwant %s", err, each.want)
		}
	}
}
