package redaction

import (
	"fmt"
	"testing"

	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// scannedBy is how many bytes the engine has been given.
func scannedBy(t *testing.T, n *nodes) int64 {
	t.Helper()
	scanned, err := n.meters.GetMetric("finance.redaction.scanned")
	if err != nil {
		t.Fatal(err)
	}
	return scanned.Data.(metricdata.Sum[int64]).DataPoints[0].Value
}

func TestACleanValueIsLookedAtOnceUnderItsKey(t *testing.T) {
	n := start(t, fakeModule, &Config{})
	give := map[string]any{"method": "POST", "list": []any{"POST", "GET"}}
	n.through(t, give)
	before := scannedBy(t, n)
	same(t, n.through(t, give), give)
	same(t, scannedBy(t, n), before)
	// Under another key it is another value.
	same(t, n.through(t, map[string]any{"pin": "POST", "password": "POST"}), map[string]any{"password": "[credential]"})
	// What is not clean is not remembered.
	for range 2 {
		same(t, n.through(t, map[string]any{"method": pan}), map[string]any{"method": masked})
	}
}

func TestAKeyWhoseValuesAreEachThereOnceRemembersNone(t *testing.T) {
	e := &engine{}
	varied, few := &key{}, &key{}
	for at := range 4 * triesToShow {
		unique, repeated := fmt.Sprint("id-", at), fmt.Sprint("state-", at%7)
		for _, each := range []struct {
			under *key
			text  string
		}{{varied, unique}, {few, repeated}} {
			if !e.knows(each.under, each.text) {
				e.remember(each.under, each.text)
			}
		}
	}
	same(t, []bool{varied.isVaried, varied.values == nil, few.isVaried, e.knows(few, "state-3")}, []bool{true, true, false, true})
}

func TestValuesAreForgottenWhenAllKeysRememberTooMany(t *testing.T) {
	e := &engine{}
	first := &key{}
	e.remember(first, "kept")
	same(t, e.knows(first, "kept"), true)
	for at := range mostRemembered {
		e.remember(&key{}, fmt.Sprint(at))
	}
	same(t, e.knows(first, "kept"), false)
	e.remember(first, "new")
	same(t, []bool{e.knows(first, "kept"), e.knows(first, "new")}, []bool{false, true})
}
