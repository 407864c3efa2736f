package redaction

import (
	"context"
	"crypto/sha256"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// The numbers in codes.go are the engine's: a name of each kind, and of what the registry says, has its number there.
func TestTheEngineMeansByItsNumbersWhatTheHostDoes(t *testing.T) {
	ctx := context.Background()
	p, err := newPool(ctx, engineModule)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.close(ctx) }()
	e, err := p.take(ctx)
	if err != nil {
		t.Fatal(err)
	}
	kinds := []string{
		"note", "password", "mnemonic", "jwt", "signature", "authorization", "cookie", "cvv", "pin", "pinblock", "cardnumber",
		"cardholder", "email", "phone", "iban", "passport", "traceparent",
	}
	same(t, len(kinds), len(kindMarkers))
	for kind, name := range kinds {
		same(t, [2]any{name, e.top(ctx, name).kind()}, [2]any{name, uint32(kind)})
	}
	same(t, []int{kindSecret, kindPhrase, kindCVV, kindPIN, kindSAD, kindName, kindTrace}, []int{1, 2, 7, 8, 9, 11, 16})
	for name, want := range map[string]uint32{
		"note": registryNone, "http.request.method": registryKeep, "finance.payment.reference": registryScan,
		"finance.customer.name": registryRemove, "finance.account.number": registryMask, "finance.customer.id": registryHash,
	} {
		same(t, [2]any{name, e.top(ctx, name).registryAction()}, [2]any{name, want})
	}
	same(t, markerOf(e.top(ctx, "finance.account.number").registryMarker()), "[account]")
	same(t, markerOf(e.top(ctx, "user.id").registryMarker()), "[id]")
	secret := e.top(ctx, "password")
	same(t, e.under(ctx, secret, "db") == secret, true)
	same(t, e.under(ctx, secret, "type") == secret, false)
	same(t, e.fault, error(nil))
}

func TestTheEngineUnderThisHost(t *testing.T) {
	n := start(t, engineModule, &Config{})
	digits := []any{}
	for _, each := range pan {
		digits = append(digits, int64(each-'0'))
	}
	same(t, n.through(t, map[string]any{
		"app.note": "card " + pan + " of jane.doe@example.com", "app.amount": int64(4111111111111111),
		"card": map[string]any{"number": pan, "cvv": "987", "brand": "visa"}, "digits": digits,
		"finance.payment.amount.minor": int64(4111111111111111), "finance.customer.name": "Jane", "user.id": "42",
		"http.request.body": `{"cardNumber":` + pan + `,"cvv":987,"amount":150000}`,
		"é":                 "ü " + pan + " ö", "raw": []byte("\xff\xfe card " + pan), "span_id": pan,
		"secrets": map[string]any{"db": "hunter2"}, "pins": []any{}, "pin": []any{int64(4), int64(8), int64(2), int64(1)},
	}), map[string]any{
		"app.note": "card " + masked + " of [email]", "app.amount": masked,
		"card":                         map[string]any{"number": masked, "brand": "visa"},
		"finance.payment.amount.minor": int64(4111111111111111), "user.id": "[id]",
		"http.request.body": `{"cardNumber":"` + masked + `","cvv":"[sad]","amount":150000}`,
		"é":                 "ü " + masked + " ö", "raw": []byte("\xff\xfe card " + masked), "span_id": pan,
		"secrets": map[string]any{"db": "[credential]"}, "pins": []any{}, "pin": []any{"[sad]", "[sad]", "[sad]", "[sad]"},
	})
}

func TestPseudonymsOfTheEngine(t *testing.T) {
	file := keyFile(t, "k1="+keyOf("k", 32))
	n := start(t, engineModule, &Config{PseudonymKeys: []PseudonymKey{{ID: "k1", KeyFile: file}}})
	key := pseudonymKey{id: "k1", secret: []byte(strings.Repeat("k", 32))}
	user, customer := key.pseudonym("user", "usr_42"), key.pseudonym("customer", "usr_42")
	once := map[string]any{
		"user.id": user, "finance.customer.id": customer, "finance.account.number": "[account]", "a": map[string]any{"user": map[string]any{"id": user}},
		"note of " + key.pseudonym("email", "jane.doe@example.com"): "x", "text": "call " + key.pseudonym("msisdn", "254712345678"),
	}
	same(t, n.through(t, map[string]any{
		"user.id": "usr_42", "finance.customer.id": " usr_42", "finance.account.number": "1234567", "a": map[string]any{"user": map[string]any{"id": "usr_42"}},
		"note of Jane.Doe@example.com": "x", "text": "call 0712 345 678",
	}), once)
	// A second net leaves what the first wrote.
	same(t, n.through(t, once), once)
}

// FuzzTexts holds the host to its word for any bytes: no failure, and what is left is left alone the second time.
func FuzzTexts(f *testing.F) {
	for _, seed := range []string{"", pan, "\xff" + pan, `{"pin":"4821"}`, "c=4111%25201111%25201111%25201111", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"} {
		f.Add("app.note", seed)
	}
	n := start(f, engineModule, &Config{})
	f.Fuzz(func(t *testing.T, name, text string) {
		// The Collector refuses names and strings that are no UTF-8 before they come here; bytes may be anything.
		attributes := pcommon.NewMap()
		attributes.PutStr(strings.ToValidUTF8(name, "?"), strings.ToValidUTF8(text, "?"))
		sum := sha256.Sum256([]byte(text))
		attributes.PutEmptyBytes("app.bytes").FromRaw(append([]byte(text), sum[:]...))
		once := n.through(t, attributes.AsRaw())
		same(t, n.through(t, once), once)
	})
}
